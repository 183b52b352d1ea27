"""What is stored so that nobody can read it who has only the store."""
