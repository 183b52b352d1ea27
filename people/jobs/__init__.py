"""The record of employment: which jobs people hold, and what each of them is from a day to a day.

What was said of a job is kept in a ledger (``changes``). What holds on a day (``terms``, ``absences``) follows from it,
and is written here alone.
"""
