"""Rules for words alone: links, pictures, headings, length and reading age."""
