"""Measurements: ``make bench`` prints one JSON object a line, {"name", "value", "unit", "context"}.

Every figure comes from the real server, on the demo region, in a database and a folder of its own. Figures of one
run can be compared with each other; two runs only as ratios to ``bare-flask``.
"""
