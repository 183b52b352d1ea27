"""Text messages: whose number there is and may be used, what goes as a text and not by email, and what became of it.

How a text leaves, ``app`` knows.
"""
