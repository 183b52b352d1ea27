#!/usr/bin/env bash
# What: jellyfish 1.3.0 compares names as record linkage does: by the Match Rating Approach, and by their Metaphone keys.
# Seen: 2026-11-29, Python 3.11: match_rating_comparison says that 王芳 and 李娜 sound alike, that علي and منى do, and that Siân and 王芳 do. The
#   Metaphone key of each name without a Latin letter is empty, and so they are all equal; Łukasz loses its Ł, and Øystein its Ø.
# Why it surprises: Soundex and NYSIIS of the same package keep letters that they do not know, and None is documented for "cannot be
#   compared". A search for people who stand in a list twice would join short names that share nothing. Compare names by
#   such keys only where both are Latin, or not at all.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

python3 -m venv venv
venv/bin/python -m pip install --quiet "jellyfish==1.3.0"

cat > expected << 'END'
王芳 and 李娜 sound alike: True
علي and منى sound alike: True
Siân and 王芳 sound alike: True
Siân and Mohammed sound alike: False
Metaphone of 王芳: ''
Metaphone of محمد: ''
Metaphone of Łukasz: 'KSS'
Metaphone of Øystein: 'STN'
Soundex of 王芳: '王000'
END

cat > names.py << 'END'
import jellyfish

for one, other in (("王芳", "李娜"), ("علي", "منى"), ("Siân", "王芳"), ("Siân", "Mohammed")):
    print(f"{one} and {other} sound alike: {jellyfish.match_rating_comparison(one, other)}")
for name in ("王芳", "محمد", "Łukasz", "Øystein"):
    print(f"Metaphone of {name}: {jellyfish.metaphone(name)!r}")
print(f"Soundex of 王芳: {jellyfish.soundex('王芳')!r}")
END

venv/bin/python names.py | tee seen
diff expected seen
