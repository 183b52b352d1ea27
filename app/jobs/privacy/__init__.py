"""What lets records go in time, and the files of people who were erased."""
