"""How fresh what people learned is: how long ago they last finished, which version, and what has changed since.

Counted of the same people as every figure, hidden and rounded by the same rules. May not import how figures are shown.
"""
