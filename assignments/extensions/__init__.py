"""What people ask about a course that is asked of them, most of all more time; and until when they were given it."""
