"""Who is exempt from a course that is asked, from a day to a day, and why.

Rows are only added: that an exemption ends early is a row too.
"""
