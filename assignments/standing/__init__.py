"""How people stand with what is asked of them: who is asked and by when, and why, in words.

Imports plans and completions; never reminders or requests.
"""
