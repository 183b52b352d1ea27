"""Stored files against their rows: the nightly check, what is lost, what nobody names, and making a file again."""
