"""A person’s own certificates: files, names, links, large print and badges."""
