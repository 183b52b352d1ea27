"""What is held about people: the register of every table, a person's own copy, how long things are kept, erasure.

It knows the tables of the rooms to its right through their description in the code. It may not import the web.
"""
