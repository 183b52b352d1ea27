"""One screen at a time: reading it, answering on it, stepping through a story, moving on."""
