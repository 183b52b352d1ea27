"""Rules that look across the files of a bundle."""
