"""What looks at contacts afterwards: vocabularies, evaluation forms, rules."""
