#!/usr/bin/env bash
# What: python-calamine 0.9.1 and pyexcel-ods3 0.6.1 read an OpenDocument spreadsheet that odfpy 1.4.1 wrote: addresses with a line break and
#   with a tab, and the hours of a working week and of a flexitime balance.
# Seen: 2026-11-30, Python 3.11: to python-calamine the address is “1 High StreetLeeds”, and 37½ hours are the text “PT37H30M00S”, although 7½
#   hours are a time of day. pyexcel-ods3 reads the address as it is, and a balance of −2½ hours as nothing at all.
# Why it surprises: a line break and a tab in a cell are elements of their own (ODF 1.3 part 3, sections 6.1.4 and 6.1.5), and python-calamine
#   keeps the runs of spaces that are elements too. A time is any duration (office:time-value), more than a day and less than nothing
#   included; of an .xlsx file python-calamine makes a timedelta. Nothing is said in any of the three cases. Compare a file’s columns
#   of hours with what the spreadsheet program shows, and take neither reader for addresses and hours both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "python-calamine==0.9.1" "pyexcel-ods3==0.6.1" "odfpy==1.4.1"

cat > expected << 'END'
'1 High Street\nLeeds': python-calamine '1 High StreetLeeds', pyexcel-ods3 '1 High Street\nLeeds'
'1 High Street\tLeeds': python-calamine '1 High StreetLeeds', pyexcel-ods3 '1 High Street\tLeeds'
'1 High Street   Leeds': python-calamine '1 High Street   Leeds', pyexcel-ods3 '1 High Street   Leeds'
'PT07H30M00S': python-calamine datetime.time(7, 30), pyexcel-ods3 datetime.time(7, 30)
'PT37H30M00S': python-calamine 'PT37H30M00S', pyexcel-ods3 datetime.timedelta(days=1, seconds=48600)
'-PT02H30M00S': python-calamine '-PT02H30M00S', pyexcel-ods3 None
END

cat > read.py << 'END'
from odf import teletype
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from pyexcel_ods3 import get_data
from python_calamine import CalamineWorkbook

ADDRESSES = ("1 High Street\nLeeds", "1 High Street\tLeeds", "1 High Street   Leeds")
HOURS = ("PT07H30M00S", "PT37H30M00S", "-PT02H30M00S")

book = OpenDocumentSpreadsheet()
table = Table(name="Staff")
book.spreadsheet.addElement(table)
for value in ADDRESSES + HOURS:
    is_time = value in HOURS
    cell = TableCell(valuetype="time", timevalue=value) if is_time else TableCell(valuetype="string")
    paragraph = P()
    teletype.addTextToElement(paragraph, value)
    cell.addElement(paragraph)
    last = TableCell(valuetype="string")
    last.addElement(P(text="."))
    row = TableRow()
    row.addElement(cell)
    row.addElement(last)
    table.addElement(row)
book.save("staff.ods")

one = CalamineWorkbook.from_path("staff.ods").get_sheet_by_index(0).to_python()
other = get_data("staff.ods")["Staff"]
for value, (first, _), (second, _) in zip(ADDRESSES + HOURS, one, other, strict=True):
    print(f"{value!r}: python-calamine {first!r}, pyexcel-ods3 {second!r}")
END

venv/bin/python -W ignore read.py | tee seen
diff expected seen
