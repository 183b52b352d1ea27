"""Downloads with the server of the real site: whole, or known to be half."""
