"""What lets records go in time, the files of people who were erased, and exports of everything."""
