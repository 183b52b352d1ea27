"""A module or a course on paper."""
