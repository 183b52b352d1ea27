"""Measurements of pages: one by one without a server, and beside clients on slow lines."""
