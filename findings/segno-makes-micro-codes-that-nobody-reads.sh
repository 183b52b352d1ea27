#!/usr/bin/env bash
# What: segno 1.6.6 makes codes of short words in UTF-8, with eci=True, which says in the code that it is UTF-8. zxing-cpp 3.1.1 reads them.
# Seen: 2026-11-30, Python 3.11: segno.make draws a Micro QR code, and what is read is another text, or nothing. Without eci the Micro code is
#   read as it was written, and so is the ordinary code of segno.make_qr, with eci.
# Why it surprises: a Micro QR code has no place to say the encoding (ISO/IEC 18004: no ECI in Micro QR), and segno knows it: with micro=True
#   it refuses eci=True. But by default it chooses a Micro code for what is short enough, and writes the mark into it all the
#   same, where it means something else. Longer words become ordinary codes, so that a trial with an address works, and the badge of
#   somebody with a short name does not. Always call make_qr, as we do, or say micro=False.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "segno==1.6.6" "zxing-cpp==3.1.1" "pillow==13.0.0"

cat > expected << 'END'
'Ŵyn': make, eci: M3-M reads ['I+HP$E860000']; make: M3-M reads ['Ŵyn']; make_qr, eci: 1-H reads ['Ŵyn']
'Siân': make, eci: M3-M reads ['I+U7TVKUJP00']; make: M3-M reads ['Siân']; make_qr, eci: 1-H reads ['Siân']
'Nguyễn': make, eci: M3-L reads []; make: M3-L reads ['Nguyễn']; make_qr, eci: 1-Q reads ['Nguyễn']
'Siân Ŵyn Nguyễn': make, eci: 2-Q reads ['Siân Ŵyn Nguyễn']; make: 2-Q reads ['Siân Ŵyn Nguyễn']; make_qr, eci: 2-Q reads ['Siân Ŵyn Nguyễn']
make with micro and eci: refused
END

cat > read.py << 'END'
from io import BytesIO

import segno
import zxingcpp
from PIL import Image


def read(code):
    picture = BytesIO()
    code.save(picture, kind="png", scale=8)
    return f"{code.designator} reads {[found.text for found in zxingcpp.read_barcodes(Image.open(picture))]}"


for text in ("Ŵyn", "Siân", "Nguyễn", "Siân Ŵyn Nguyễn"):
    print(
        f"{text!r}: make, eci: {read(segno.make(text, encoding='utf-8', eci=True))};"
        f" make: {read(segno.make(text, encoding='utf-8'))};"
        f" make_qr, eci: {read(segno.make_qr(text, encoding='utf-8', eci=True))}"
    )
try:
    segno.make("Ŵyn", encoding="utf-8", eci=True, micro=True)
except ValueError:
    print("make with micro and eci: refused")
END

venv/bin/python read.py | tee seen
diff expected seen
