"""How fast HR files are, and how much memory they take."""
