"""A made-up HR file for each authority of the demo, in the shape of its own HR system, and the mapping that reads it.

Plain values and bytes; ``app/cli/demo.py`` says where the files go.
"""
