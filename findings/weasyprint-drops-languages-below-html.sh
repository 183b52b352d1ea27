#!/usr/bin/env bash
# What: WeasyPrint 70.0 makes a PDF/UA-1 file of an English page with a Welsh paragraph and a Welsh phrase; pikepdf 10.17.0 reads it.
# Seen: 2026-11-29, Python 3.11: the document is English, and no part of it has a language of its own.
# Why it surprises: the lang of the page is carried over, hyphenation follows each lang, and the standard (ISO 14289-1, 7.2) asks that a change
#   of language is marked. Validators cannot know which words are Welsh, so they stay green while a screen reader says them as
#   English. Write /Lang into the structure afterwards, or give such a document a note.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "weasyprint==70.0" "pikepdf==10.17.0"

cat > expected << 'END'
language of the document: en
parts of the structure: 7, with a language of their own: 0
END

cat > languages.py << 'END'
from io import BytesIO

import pikepdf
import weasyprint

html = """<html lang="en"><title>Welcome</title><p lang="cy">Croeso i bawb</p><p>We say <span lang="cy">croeso</span></p></html>"""
pdf = pikepdf.open(BytesIO(weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/ua-1")))
parts = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"]
print("language of the document:", pdf.Root.Lang)
print(f"parts of the structure: {len(parts)}, with a language of their own: {sum('/Lang' in one for one in parts)}")
END

venv/bin/python languages.py | tee seen
diff expected seen
