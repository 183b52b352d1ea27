"""Course content: the model of a course, and the readers and checks that turn an uploaded bundle into one.

Pure: imports only ``courses.marking``; no session, no web, no clock, no disk except ``bundle.read_folder``.
"""
