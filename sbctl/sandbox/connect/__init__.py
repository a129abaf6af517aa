"""Amazon Connect as the sandbox has it: instances, and what lives in them. Written from AWS's documentation."""
