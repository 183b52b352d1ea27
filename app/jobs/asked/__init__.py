"""What workers do about what is asked: reminders."""
