"""Courses and their versions: uploading, publishing, what ships with it, local wording and the fact register."""
