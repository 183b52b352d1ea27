#!/usr/bin/env bash
# What: WeasyPrint 70.0 makes a PDF/UA-1 file of a table whose row header spans two rows; pikepdf 10.17.0 reads the structure.
# Seen: 2026-11-29, Python 3.11: in the second row under the header, "2021" has the header "Place" and its figure the header "Year".
#   Neither has the row header any more.
# Why it surprises: the /Headers of a cell are counted by its place in the row's source, without the column that the row above takes
#   up. The page looks right, and validators are content, because every header that is named exists. A screen reader reads a
#   year as a place, and figures under the wrong head. In tables that become PDFs, repeat the row header instead of spanning rows.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "weasyprint==70.0" "pikepdf==10.17.0"

cat > expected << 'END'
2011: Halton, Year
119,000: Halton, People
2021: Place
128,000: Year
END

cat > headers.py << 'END'
from io import BytesIO

import pikepdf
import weasyprint

html = """<html lang="en"><title>People</title><table>
<tr><th>Place</th><th>Year</th><th>People</th></tr>
<tr><th scope="row" rowspan="2">Halton</th><td>2011</td><td>119,000</td></tr>
<tr><td>2021</td><td>128,000</td></tr>
</table></html>"""
words = iter(["Place", "Year", "People", "Halton", "2011", "119,000", "2021", "128,000"])
pdf = pikepdf.open(BytesIO(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")))
names = {}


def look(part):
    if isinstance(part, pikepdf.Array):
        for one in part:
            look(one)
    elif isinstance(part, pikepdf.Dictionary):
        kind = str(part.get("/S", ""))
        if kind == "/TH":
            names[str(part.ID)] = next(words)
        elif kind == "/TD":
            print(f"{next(words)}:", ", ".join(names[str(one)] for one in part.A.Headers))
        look(part.get("/K"))


look(pdf.Root.StructTreeRoot.K)
END

venv/bin/python headers.py | tee seen
diff expected seen
