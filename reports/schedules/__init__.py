"""Reports that are made again and again and told by mail: who wants which, on which days, and whether they still may.

The row of each report comes first, once for each period. May not import how files are drawn.
"""
