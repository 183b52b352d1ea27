"""A whole bundle: out of a folder or a zip that nobody trusts, through readers and checks, to a course or findings."""
