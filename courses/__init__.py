"""What a course is and what learning it means: content, marking, catalogue, attempts, progress and completion.

Imports only ``messages``, ``people`` and ``kernel``. ``content`` and ``marking`` are pure: no session, no web.
"""
