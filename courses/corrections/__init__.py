"""Corrections: a version that puts another right, and the people midway who are moved to it. No mark ever goes down."""
