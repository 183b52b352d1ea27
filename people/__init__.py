"""Who exists: organisations, their units, people, the jobs they hold, accounts, and what each account may do.

Imports only ``kernel``. A person is not an employment: somebody with two jobs is one person.
"""
