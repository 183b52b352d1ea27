"""How questions work: the arithmetic, what was chosen, and what is shown."""
