"""What a course is once it has been read: frozen values that versions store and everybody else reads."""
