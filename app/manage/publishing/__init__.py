"""Courses as their authors see them: uploading, looking, publishing, facts, questions and comments."""
