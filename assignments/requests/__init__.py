"""Asking for more time, saying that something is wrong; and how somebody answers.

``record`` holds what is stored, and what of it counts for dates: the parts that reckon dates read that and no more.
"""
