"""The right to download rows about people.

Over roles; imports no other part of the room.
"""
