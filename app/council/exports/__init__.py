"""Leaving with everything: for whose keys exports are encrypted, what was made, and taking one out."""
