"""Slow lines in front of the server of the real site."""
