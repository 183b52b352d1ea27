"""What is asked in the demo: programmes, who is exempt or asks for something, and reminders.

Imports what the rest of ``demo`` may, and of ``demo`` only people.
"""
