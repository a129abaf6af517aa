"""What contact flows have besides the commands of every kind: lint, render."""
