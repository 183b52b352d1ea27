"""A person's own copy: everything that tables hold of them, and what was done with their record."""
