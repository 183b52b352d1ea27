"""The words of messages as an authority wants them: which texts there are, checking, filling in, and their versions.

Why somebody gets a message, and how it is stopped, stands outside these words.
"""
