"""Earlier training: by which rule an authority lets count what its people completed elsewhere before they joined it.

A completion is never changed by it. Imports ``courses.records``, ``courses.catalogue``, ``people`` and ``kernel``.
"""
