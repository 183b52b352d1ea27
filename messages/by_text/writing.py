"""The words of a text: one sentence, an address, and how it is stopped; and of how many parts it is made. Pure.

A text travels in parts of 140 octets: 160 signs of the alphabet that every phone knows (GSM 03.38), or 70 of any other.
Several parts give up some room to say which comes first (3GPP TS 23.040, section 9.2.3.24.1).
"""

from collections.abc import Sequence

# What GOV.UK Notify takes is six parts; nobody reads so much on a phone that was not theirs to choose.
LONGEST_SENTENCE = 160
SENDER = "Common Ground"
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places
_SEVEN_BITS, _TWO_OCTETS = (160, 153), (70, 67)
# Typographer's signs would make every text one of seventy signs a part.
_PLAINER = str.maketrans(
    {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u2011": "-"}
)


def text_for(sentences: Sequence[str], *, link_url: str, stop_url: str) -> str:
    """One text that says these things. Of several only the number is said, with the first."""
    first = " ".join(sentences[0].split()).rstrip(".")
    if len(sentences) > 1:
        more = len(sentences) - 1
        first = f"{shortened(first, LONGEST_SENTENCE - 20)}, and {more} more {'message' if more == 1 else 'messages'}"
    sentence = shortened(f"{SENDER}: {first}", LONGEST_SENTENCE + len(SENDER))
    return f"{sentence}. {link_url} To stop texts: {stop_url}".translate(_PLAINER)


def shortened(words: str, most: int) -> str:
    """The same, cut at the end of a word where it is too long."""
    if len(words) <= most:
        return words
    return f"{words[: most - 3].rsplit(' ', 1)[0].rstrip(' ,:;.')}..."


def parts_of(words: str) -> int:
    """In how many parts a text travels, which is what it is charged by."""
    if all(sign in _BASIC or sign in _EXTENDED for sign in words):
        return _parts([2 if sign in _EXTENDED else 1 for sign in words], *_SEVEN_BITS)
    # A sign beyond the first plane, such as an emoji, takes two places that stay together.
    return _parts([2 if ord(sign) > 0xFFFF else 1 for sign in words], *_TWO_OCTETS)


def _parts(places: Sequence[int], alone: int, together: int) -> int:
    if sum(places) <= alone:
        return 1
    parts, used = 1, 0
    for place in places:
        if used + place > together:
            parts, used = parts + 1, 0
        used += place
    return parts


def needs_long_letters(words: str) -> bool:
    """Whether signs stand in a text for which only 70 fit into a part."""
    return not all(sign in _BASIC or sign in _EXTENDED for sign in words.translate(_PLAINER))
