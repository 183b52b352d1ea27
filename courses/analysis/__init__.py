"""Stored answers looked at again, without their people: first tries, every answer, and marking them once more."""
