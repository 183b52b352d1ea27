"""What workers do about what is asked: reminders, nudges by the list, and counts."""
