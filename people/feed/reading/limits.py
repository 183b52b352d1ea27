"""How large a file of people may be. The largest English council has 40,000 staff; a file of all seven, with every job
since they began, fits many times over."""

MOST_BYTES = 128 * 1024 * 1024
MOST_ROWS = 1_000_000
MOST_COLUMNS = 1_000
LONGEST_CELL = 32_767  # of a workbook, so that a file of rows to put right can be one
LONGEST_LINE = 4 * 1024 * 1024
MOST_UNPACKED_BYTES = 768 * 1024 * 1024  # a workbook is a zip
MOST_SHARED_BYTES = 96 * 1024 * 1024  # the words of a workbook, which are held in memory
