"""Measurements: ``make bench`` prints one JSON object a line, {"name", "value", "unit", "context"}.

Every figure comes from the real server, on the demo region, in a database and a folder of its own. Figures of one
run can be compared with each other; two runs only as shares of a bare Flask view, which is measured just before and
just after each page.
"""
