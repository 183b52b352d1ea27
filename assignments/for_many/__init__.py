"""What is done for many people by one decision: nudges, more time, exemptions; previewed, worked off, taken back.

The rules for one person hold for each. May not import pages or jobs.
"""
