"""AWS's wire formats: who asks what, parsed, validated and serialised by the service's model."""
