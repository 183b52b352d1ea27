#!/usr/bin/env bash
# What: odfpy 1.4.1 reads an OpenDocument spreadsheet in which one cell holds a payroll number and has a comment.
# Seen: 2026-11-29, Python 3.11: the text of the cell is the comment and the number in one, "checked with payroll00417".
# Why it surprises: a comment (office:annotation, ODF 1.3 part 3, section 14.1) floats beside a cell, and office programs show and
#   export the number alone. But it is a child of the cell, and both ways of the library to a text take every child. Reading a file of
#   people, one helpful note changes a key. Take the text of the cell's own paragraphs only.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "odfpy==1.4.1"

cat > expected << 'END'
str(): checked with payroll00417
teletype.extractText(): checked with payroll00417
paragraphs of the cell: 00417
END

cat > read.py << 'END'
from io import BytesIO

from odf import teletype
from odf.office import Annotation
from odf.opendocument import OpenDocumentSpreadsheet, load
from odf.table import Table, TableCell, TableRow
from odf.text import P

book = OpenDocumentSpreadsheet()
cell = TableCell(valuetype="string")
note = Annotation()
note.addElement(P(text="checked with payroll"))
cell.addElement(note)
cell.addElement(P(text="00417"))
row = TableRow()
row.addElement(cell)
table = Table(name="Staff")
table.addElement(row)
book.spreadsheet.addElement(table)
file = BytesIO()
book.write(file)
file.seek(0)

cell = load(file).getElementsByType(TableCell)[0]
print("str():", cell)
print("teletype.extractText():", teletype.extractText(cell))
print("paragraphs of the cell:", *[str(part) for part in cell.childNodes if part.qname == P(text="").qname])
END

venv/bin/python read.py | tee seen
diff expected seen
