"""Contact flows as files: their language, reading, checking, comparing, drawing."""
