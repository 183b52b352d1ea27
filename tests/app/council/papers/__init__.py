"""Tests of how far a group is from its target."""
