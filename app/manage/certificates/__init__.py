"""Certificates as admins look after them: the queue, the files, one certificate, and how they look."""
