#!/usr/bin/env bash
# What: fpdf2 2.8.9 writes a page with a heading, a sentence, and a picture that has a text alternative. pikepdf 10.18.0 looks into the file:
#   is it marked as tagged, what stands in its structure, and which words belong to it?
# Seen: 2026-11-30, Python 3.11: with the text alternative the file says of itself that it is tagged, and its structure holds the picture
#   alone. No word is in it, and none is marked as decoration either. Without the alternative the file does not claim to be tagged.
# Why it surprises: /Marked true promises that the structure is the document (ISO 32000-1, section 14.8: what is not in it is not part of
#   the real content). A reader that goes by the tags speaks the picture and leaves out the page; of an untagged file it would have guessed the
#   words. So the one argument that was meant for people who cannot see takes the text away from them, while a check that asks only
#   “is it tagged, and do pictures have alternatives?” is content. Make files that are read aloud with a writer that tags everything.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "fpdf2==2.8.9" "pikepdf==10.18.0" "pillow==13.0.0"

cat > expected << 'END'
no alternative: tagged no; structure: none; words outside it: Fire safety | Leave by the nearest exit.; words inside it: none
alternative: tagged yes; structure: Document, Figure (A map of the exits); words outside it: Fire safety | Leave by the nearest exit.; words inside it: none
END

cat > look.py << 'END'
from io import BytesIO

import pikepdf
from fpdf import FPDF
from PIL import Image


def written(alternative):
    page = FPDF()
    page.set_lang("en-GB")
    page.set_title("Fire safety")
    page.add_page()
    page.set_font("Helvetica", size=20)
    page.cell(text="Fire safety", new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", size=12)
    page.cell(text="Leave by the nearest exit.", new_x="LMARGIN", new_y="NEXT")
    page.image(Image.new("RGB", (60, 40)), alt_text=alternative)
    return bytes(page.output())


def structure(element):
    for child in element.get("/K", []):
        if isinstance(child, pikepdf.Dictionary):
            yield str(child.S)[1:] + (f" ({child.Alt})" if "/Alt" in child else "")
            yield from structure(child)


def words(page):
    """Pairs of text and whether it stands between the marks of the structure."""
    depth = 0
    for instruction in pikepdf.parse_content_stream(page):
        name = str(instruction.operator)
        depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
        if name == "Tj":
            yield str(instruction.operands[0]), depth > 0


for name, alternative in (("no alternative", None), ("alternative", "A map of the exits")):
    with pikepdf.open(BytesIO(written(alternative))) as file:
        tagged = "yes" if file.Root.get("/MarkInfo", {}).get("/Marked") else "no"
        parts = ", ".join(structure(file.Root.StructTreeRoot)) if "/StructTreeRoot" in file.Root else "none"
        found = list(words(file.pages[0]))
        outside, inside = (" | ".join(text for text, is_inside in found if is_inside is side) for side in (False, True))
        print(f"{name}: tagged {tagged}; structure: {parts}; words outside it: {outside or 'none'}; words inside it: {inside or 'none'}")
END

venv/bin/python -W ignore look.py | tee seen
diff expected seen
