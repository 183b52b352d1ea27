"""Packages that are large, and that a process loads when it first needs them. Imports nothing of ours."""
