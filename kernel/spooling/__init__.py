"""Very many plain values that are spooled to a file: sequences and mappings that read as if they stood in memory."""
