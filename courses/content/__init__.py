"""Course content: the model of a course, and the readers and checks that turn an uploaded bundle into one.

Pure: imports only ``courses.marking`` and ``kernel.errors``; no session, no web, no clock, and no disk but in
``bundle.reading.read_folder``.
"""
