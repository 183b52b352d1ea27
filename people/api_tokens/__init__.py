"""Keys for programs that read figures of an authority, and rows of people where that right was given.

Over roles and the right to download rows; imports no other part of the room.
"""
