#!/usr/bin/env bash
# What: webvtt-py 0.6.0 reads captions with thousandths of a second, as WebVTT writes them.
# Seen: 2026-11-28, Python 3.11: start_in_seconds and end_in_seconds are whole numbers, cut off and not rounded. 3.900 is 3.
# Why it surprises: a time "in seconds" is expected to hold what the file holds, as the texts `start` and `end` beside it do.
#   A caption that outlasts its film by 0.9 seconds passes a comparison with the film's length.
#   Read the times from the texts instead.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "webvtt-py==0.6.0"

cat > captions.vtt << 'END'
WEBVTT

00:00:01.500 --> 00:00:03.900
Good morning

00:00:03.900 --> 00:00:06.250
صباح الخير
END

cat > expected << 'END'
00:00:01.500 is 1, 00:00:03.900 is 3
00:00:03.900 is 3, 00:00:06.250 is 6
END

venv/bin/python - << 'END' | tee seen
import webvtt

for caption in webvtt.read("captions.vtt"):
    print(f"{caption.start} is {caption.start_in_seconds}, {caption.end} is {caption.end_in_seconds}")
END
diff expected seen
