"""Programmes: making one and changing it, step by step, without a script too.

Imports the rooms to its right, and no other audience.
"""
