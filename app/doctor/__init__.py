"""The doctor: everything that a deployer can get wrong, each as one check that says what to do about it.

Checks look and never repair. WeasyPrint is tried in a process of its own: no web process may load it.
"""
