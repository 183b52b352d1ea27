#!/usr/bin/env bash
# What: webvtt-py 0.6.0, pysubs2 1.8.1, ttconv 1.2.3 and pycaption 2.3.14 read one caption of WebVTT with “&amp;”, “&lt;” and the mark that holds
#   an exclamation mark at its side of Arabic words (“&rlm;”), and write it as SubRip, which knows no such escapes.
# Seen: 2026-11-30, Python 3.11: to webvtt-py and pysubs2 the text is as it stands in the file, and so it goes into the SubRip file: the viewer
#   reads “R&amp;D”. ttconv reads the first two and makes “&rlm” of the third, letters in the middle of Arabic. pycaption reads all.
# Why it surprises: in WebVTT a sign “&” or “<” can be written in no other way, and the escapes are part of the format (WebVTT, section 4.2.2,
#   and its examples have &lrm;). webvtt-py’s text is the one that leaves out tags: it looks ready for a transcript, where a template
#   escapes it once more. Use html.unescape() on it, after the tags are gone. We take only times from it, and whether there are words.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "webvtt-py==0.6.0" "pysubs2==1.8.1" "ttconv==1.2.3" "pycaption==2.3.14"

cat > captions.vtt << 'END'
WEBVTT

00:00:01.000 --> 00:00:03.000
<v Ada>R&amp;D: &lt;5 days &rlm;مرحبا!&rlm;</v>
END

cat > expected << 'END'
webvtt-py text: 'R&amp;D: &lt;5 days &rlm;مرحبا!&rlm;'
webvtt-py SubRip: 'R&amp;D: &lt;5 days &rlm;مرحبا!&rlm;'
pysubs2 SubRip: 'R&amp;D: &lt;5 days &rlm;مرحبا!&rlm;'
ttconv SubRip: 'R&D: <5 days &rlmمرحبا!&rlm'
pycaption SubRip: 'Ada: R&D: <5 days \u200fمرحبا!\u200f'
END

cat > read.py << 'END'
from io import StringIO
from pathlib import Path

import pycaption
import pysubs2
import webvtt
from ttconv.srt import writer
from ttconv.vtt import reader

text = Path("captions.vtt").read_text(encoding="utf-8")
captions = webvtt.from_string(text)
file = StringIO()
captions.write(file, format="srt")
written = {
    "webvtt-py": file.getvalue(),
    "pysubs2": pysubs2.SSAFile.from_string(text, "vtt").to_string("srt"),
    "ttconv": writer.from_model(reader.to_model(StringIO(text))),
    "pycaption": pycaption.SRTWriter().write(pycaption.WebVTTReader().read(text)),
}
print(f"webvtt-py text: {captions[0].text!r}")
for name, lines in written.items():
    print(f"{name} SubRip: {lines.splitlines()[2]!r}")
END

venv/bin/python -W ignore read.py | tee seen
diff expected seen
