#!/usr/bin/env bash
# What: openpyxl 3.1.5 and python-calamine 0.9.1 read a workbook that XlsxWriter 3.3.1 wrote. Its cells hold words as a personnel system has
#   them: with a line end of Windows inside, or at the end.
# Seen: 2026-11-30, Python 3.11: openpyxl reads the letters “_x000D_” in the middle of the words, python-calamine the line end.
# Why it surprises: a sign that XML would lose stands in a workbook as _xHHHH_ (ST_Xstring, ECMA-376 part 1, section 22.9.2.19), the carriage
#   return above all. openpyxl undoes half of that: it takes away the escape for an underscore (_x005F_), and so text that
#   really says “_x000D_” can no longer be told from a line end. Nobody who opens the file sees those letters, and a team “Roads_x000D_” is a
#   new team, in every row. We put a space for _x0009_, _x000A_ and _x000D_ after reading.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "openpyxl==3.1.5" "python-calamine==0.9.1" "XlsxWriter==3.3.1"

cat > expected << 'END'
written 'Parks\r\nNorth': openpyxl 'Parks_x000D_\nNorth', python-calamine 'Parks\r\nNorth'
written 'Roads\r': openpyxl 'Roads_x000D_', python-calamine 'Roads\r'
written 'Roads_x000D_': openpyxl 'Roads_x000D_', python-calamine 'Roads_x000D_'
END

cat > read.py << 'END'
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

TEXTS = ("Parks\r\nNorth", "Roads\r", "Roads_x000D_")

with Workbook("staff.xlsx") as book:
    sheet = book.add_worksheet("Staff")
    for row, text in enumerate(TEXTS):
        sheet.write_string(row, 0, text)

one = load_workbook("staff.xlsx").active.iter_rows(values_only=True)
other = CalamineWorkbook.from_path("staff.xlsx").get_sheet_by_index(0).to_python()
for text, (first,), (second,) in zip(TEXTS, one, other, strict=True):
    print(f"written {text!r}: openpyxl {first!r}, python-calamine {second!r}")
END

venv/bin/python -W ignore read.py | tee seen
diff expected seen
