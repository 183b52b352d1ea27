"""What a figure is, and the one function that counts it: whatever shows a figure goes through here.

Nothing is hidden or rounded here: that is for those who answer with it. May not import how figures are shown.
"""
