#!/usr/bin/env bash
# What: pikepdf 10.18.0 and pypdf 7.1.1 put two accessible files (PDF/UA-1, by WeasyPrint 70.0), a letter and a certificate, into one: into a new
#   file, and behind the pages of the first. page-validation 0.11.0 checks what came out.
# Seen: 2026-11-30, Python 3.11: a new file has no tags and no language. Behind the first, the file says that it is tagged and PDF/UA-1, and the
#   check agrees; but no element of its structure leads to the second page. In pikepdf’s, the words of page 2 claim those of page 1.
# Why it surprises: the pages look right, the letter is read aloud, and the checker is green. To a reader that goes by the tags the certificate
#   does not exist (ISO 32000-1, section 14.8). pages.extend and append take pages, and the structure belongs to the file, not to its
#   pages. Make one file from both texts, or send two. (PyMuPDF and qpdf have open requests for the same.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "weasyprint==70.0" "pikepdf==10.18.0" "pypdf==7.1.1" "page-validation==0.11.0"

cat > expected << 'END'
letter alone: tagged, en-GB, PDF/UA-1 True; elements that lead to page 1: 4
certificate alone: tagged, en-GB, PDF/UA-1 True; elements that lead to page 1: 4
pikepdf, new file: not tagged, no language, PDF/UA-1 False; elements that lead to page 1: 0, page 2: 0
pikepdf, behind the first: tagged, en-GB, PDF/UA-1 True; elements that lead to page 1: 4, page 2: 0
  the words of page 2 say that they belong to: H1 of page 1, P of page 1
pypdf, new file: not tagged, no language, PDF/UA-1 False; elements that lead to page 1: 0, page 2: 0
pypdf, behind the first: tagged, en-GB, PDF/UA-1 True; elements that lead to page 1: 4, page 2: 0
END

cat > merge.py << 'END'
import page
import pikepdf
import pypdf
from weasyprint import HTML


def made(name, title, text):
    html = f'<html lang="en-GB"><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>'
    HTML(string=html).write_pdf(name, pdf_variant="pdf/ua-1")


def elements(part):
    for child in part if isinstance(part, pikepdf.Array) else [part]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child.get("/K", pikepdf.Array()))


def look(name, path):
    compliant = page.validate_pdf(path, profile="ua1").is_compliant
    with pikepdf.open(path) as file:
        tagged = "tagged" if file.Root.get("/MarkInfo", {}).get("/Marked") else "not tagged"
        numbers = {one.objgen: number for number, one in enumerate(file.pages, 1)}
        tree = file.Root.get("/StructTreeRoot", pikepdf.Dictionary(K=[]))
        leads_to = [numbers[one.Pg.objgen] for one in elements(tree.K) if "/Pg" in one]
        counts = ", ".join(f"page {number}: {leads_to.count(number)}" for number in numbers.values())
        language = file.Root.get("/Lang", "no language")
        print(f"{name}: {tagged}, {language}, PDF/UA-1 {compliant}; elements that lead to {counts}")
        if name == "pikepdf, behind the first":
            owners = pikepdf.NumberTree(tree.ParentTree)[int(file.pages[1].StructParents)]
            named = [f"{one.P.S} of page {numbers[one.Pg.objgen]}" for one in owners]
            print("  the words of page 2 say that they belong to:", ", ".join(named).replace("/", ""))


made("letter.pdf", "Letter", "Your certificate is enclosed.")
made("certificate.pdf", "Certificate", "Ada Lovelace has finished.")
look("letter alone", "letter.pdf")
look("certificate alone", "certificate.pdf")

for name, start in (("new file", pikepdf.new), ("behind the first", lambda: pikepdf.open("letter.pdf"))):
    with start() as file, pikepdf.open("letter.pdf") as letter, pikepdf.open("certificate.pdf") as certificate:
        if not file.pages:
            file.pages.extend(letter.pages)
        file.pages.extend(certificate.pages)
        file.save("merged.pdf")
    look(f"pikepdf, {name}", "merged.pdf")

for name, start in (("new file", pypdf.PdfWriter), ("behind the first", lambda: pypdf.PdfWriter(clone_from="letter.pdf"))):
    file = start()
    if not file.pages:
        file.append("letter.pdf")
    file.append("certificate.pdf")
    file.write("merged.pdf")
    look(f"pypdf, {name}", "merged.pdf")
END

venv/bin/python -W ignore merge.py | tee seen
diff expected seen
