"""Two versions of a course side by side, in words."""
