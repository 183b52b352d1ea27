#!/usr/bin/env bash
# What: WeasyPrint 70.0 makes a PDF/UA-1 file of one table with a caption that goes on over a page; pikepdf 10.17.0 reads the structure.
# Seen: 2026-11-30, Python 3.11: two tables, each with a head of its own. Only the first has the caption.
# Why it surprises: a structure element may go on over pages (ISO 32000-1, 14.7.4), so one table is one, and a head that is printed
#   again is decoration, an artifact. Validators are content, since each half is a sound table. To a screen
#   reader the rest is a second table, which nobody named. Keep a table that matters on one page, or begin each part as a table of its
#   own with a caption that says which part it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "weasyprint==70.0" "pikepdf==10.17.0"

cat > expected << 'END'
2 pages
Table: Caption, THead with 1 row, TBody with 2 rows
Table: THead with 1 row, TBody with 2 rows
END

cat > tables.py << 'END'
from io import BytesIO

import pikepdf
import weasyprint

html = """<html lang="en"><title>People</title>
<style>@page { size: 10cm 6cm; margin: 1cm } tr { height: 1cm }</style>
<table><caption>People by place</caption>
<thead><tr><th>Place</th><th>People</th></tr></thead>
<tbody>
<tr><th scope="row">Halton</th><td>128,000</td></tr>
<tr><th scope="row">Knowsley</th><td>154,000</td></tr>
<tr><th scope="row">Sefton</th><td>279,000</td></tr>
<tr><th scope="row">Wirral</th><td>320,000</td></tr>
</tbody></table></html>"""
pdf = pikepdf.open(BytesIO(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")))
print(len(pdf.pages), "pages")


def parts(element):
    kids = element.get("/K", [])
    return [one for one in (kids if isinstance(kids, pikepdf.Array) else [kids]) if isinstance(one, pikepdf.Dictionary)]


def name(element):
    return str(element.get("/S", ""))[1:]


def look(element):
    if name(element) == "Table":
        said = []
        for one in parts(element):
            rows = sum(name(row) == "TR" for row in parts(one))
            said.append(f"{name(one)} with {rows} row{'s' * (rows != 1)}" if rows else name(one))
        print("Table:", ", ".join(said))
        return
    for one in parts(element):
        look(one)


look(pdf.Root.StructTreeRoot)
END

venv/bin/python tables.py | tee seen
diff expected seen
