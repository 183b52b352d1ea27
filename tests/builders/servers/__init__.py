"""Servers of other kinds, which tests talk to over the network of this machine."""
