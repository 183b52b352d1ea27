"""Taking a course: opening a screen, answering, stories, moving on, and the rule that says when it is complete."""
