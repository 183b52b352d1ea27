"""The picture of a badge: our own design as SVG, in words as much as in colours, with or without the credential."""

import unicodedata
from xml.sax.saxutils import escape

from certificates.document.words import printable

NAMESPACE = "https://purl.imsglobal.org/ob/v3p0"
# Size of the letters, characters a line, lines: the first that a title fits takes it.
# Reckoned with the widest of the faces that a reader's machine may put in the place of ours.
_SIZES = ((48, 12, 2), (38, 16, 3), (30, 20, 4), (24, 25, 6), (18, 34, 8))
_MIDDLE = 366
_FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 560" width="480" height="560" role="img" \
aria-labelledby="badge-title badge-words">{credential}
<title id="badge-title">{title}</title>
<desc id="badge-words">A Common Ground badge: its holder completed version {version} of this course.</desc>
<rect x="6" y="6" width="468" height="548" rx="36" fill="#f7f3ec" stroke="#12524f" stroke-width="8"/>
<rect x="20" y="20" width="440" height="520" rx="26" fill="none" stroke="#6d2150" stroke-width="2"/>
<g stroke="#1f1d2b" stroke-width="3">
<circle cx="201" cy="132" r="78" fill="#12524f"/>
<circle cx="279" cy="132" r="78" fill="#f3b229"/>
<path d="M240 64.5a78 78 0 0 1 0 135a78 78 0 0 1 0-135z" fill="#6d2150"/>
</g>
<path d="M220 133l14 16l28-34" fill="none" stroke="#ffffff" stroke-width="8" stroke-linecap="round" \
stroke-linejoin="round"/>
<g text-anchor="middle" font-family="'Atkinson Hyperlegible Next', 'Noto Sans', Arial, sans-serif" fill="#1f1d2b">
<text x="240" y="256" font-size="26">Course completed</text>
<g font-weight="700" font-size="{size}">
{lines}
</g>
<text x="240" y="480" font-size="24">Version {version}</text>
<text x="240" y="516" font-size="24" font-weight="700" fill="#12524f">Common Ground</text>
</g>
</svg>
"""


def picture(title: str, version: str) -> str:
    """The picture of an achievement."""
    return _drawn(title, version, "")


def baked_picture(title: str, version: str, credential: str) -> str:
    """The picture with a signed credential inside, as Open Badges 3.0 section 5.3.2 has it."""
    # The only place of JSON where this could stand is a text, and there it may be written so.
    harmless = credential.replace("]]>", "]]\\u003e")
    inside = f'<openbadges:credential xmlns:openbadges="{NAMESPACE}"><![CDATA[{harmless}]]></openbadges:credential>'
    return _drawn(title, version, f"\n{inside}")


def _drawn(title: str, version: str, credential: str) -> str:
    words = printable(title)
    size, rows = _rows(words)
    height = round(size * 1.2)
    top = _MIDDLE - (len(rows) - 1) * height // 2 + size // 3
    lines = "\n".join(
        f'<text x="240" y="{top + place * height}">{escape(row)}</text>' for place, row in enumerate(rows)
    )
    return _FRAME.format(title=escape(words), version=escape(version), size=size, lines=lines, credential=credential)


def _rows(words: str) -> tuple[int, list[str]]:
    for size, width, most in _SIZES:
        rows = _wrapped(words, width)
        if len(rows) <= most:
            return size, rows
    return size, [*rows[: most - 1], rows[most - 1][: width - 1] + "…"]


def _wrapped(words: str, width: int) -> list[str]:
    rows = [""]
    for word in words.split():
        for piece in _pieces(word, width):
            joined = f"{rows[-1]} {piece}".strip()
            if _width(joined) <= width:
                rows[-1] = joined
            else:
                rows.append(piece)
    return [row for row in rows if row]


def _pieces(word: str, width: int) -> list[str]:
    """A word that is longer than a line, as Chinese sentences are, in pieces of a line."""
    pieces = [""]
    for character in word:
        if _width(pieces[-1] + character) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


def _width(text: str) -> int:
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )
