"""What is broken on purpose, and where: the rules, the questions that services ask, and what a client sees."""
