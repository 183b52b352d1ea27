#!/usr/bin/env bash
# What: WeasyPrint 70.0 with pydyf 0.13.0 writes PDF/A-2a files of boxes without words; page-validation 0.11.0 checks them.
# Seen: 2026-11-29, Python 3.11: in about one of 256 compressed streams the last byte of the data is a carriage return. pydyf puts a line feed
#   behind it, so carriage return and line feed stand before "endstream", and the file breaks the rule on the length of streams. All other
#   files keep it, and so does this one with both characters behind each stream.
# Why it surprises: nothing about such a page is special, and Length is right as ISO 32000-1 counts. But ISO 19005-2, 6.1.7.1, has a reader
#   count the bytes before the line end, and both together are one line end. A test of one document stays green; one certificate in
#   a few hundred fails in an archive. Write both characters behind every stream instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "weasyprint==70.0" "pydyf==0.13.0" "page-validation==0.11.0"

cat > expected << 'END'
the rule on the length of streams, ISO 19005-2, 6.1.7.1
a file with a stream that ends in a carriage return: breaks it
twenty other files: keeps it
the first file, with both characters behind each stream: keeps it
END

cat > write.py << 'END'
import logging
import re

import page
import pydyf
import weasyprint

logging.disable(logging.CRITICAL)
STREAM = re.compile(rb"/Length (\d+)[^>]*>>\s*stream\n")


def written(number):
    html = f"<html lang=en><title>Box</title><style>div {{ height: 9px; background: #{number:06x} }}</style><div></div>"
    return weasyprint.HTML(string=html).write_pdf(pdf_variant="pdf/a-2a")


def ends_in_half(pdf):
    ends = (match.end() + int(match[1]) for match in STREAM.finditer(pdf))
    return any(pdf[end - 1 : end + 10] == b"\r\nendstream" for end in ends)


def check(*files):
    broken = {failure.rule_id for pdf in files for failure in page.validate_pdf_bytes(pdf, profile="2a").failures}
    return "breaks it" if "PDFA2A-STREAM-LENGTH-001" in broken else "keeps it"


others, number = [], 0
while not ends_in_half(pdf := written(number)):
    others.append(pdf)
    number += 1
while len(others) < 20:
    more = written(number + len(others) + 1)
    if not ends_in_half(more):
        others.append(more)
print("the rule on the length of streams, ISO 19005-2, 6.1.7.1")
print("a file with a stream that ends in a carriage return:", check(pdf))
print("twenty other files:", check(*others[:20]))

plain = pydyf.Stream.data.fget
pydyf.Stream.data = property(lambda self: plain(self).removesuffix(b"\nendstream") + b"\r\nendstream")
print("the first file, with both characters behind each stream:", check(written(number)))
END

venv/bin/python write.py | tee seen
diff expected seen
