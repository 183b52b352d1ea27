"""Two versions of a course, told apart in words: what was added, removed and changed. Pure: no session."""
