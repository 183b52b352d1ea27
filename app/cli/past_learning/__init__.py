"""The commands about past learning and what counts of it."""
