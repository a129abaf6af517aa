"""What flows, prompts and routing profiles are made of."""
