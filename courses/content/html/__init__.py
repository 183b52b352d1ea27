"""From Markdown to clean HTML, and to plain words."""
