"""The commands about what is asked: why somebody stands where they stand, and how everybody does."""
