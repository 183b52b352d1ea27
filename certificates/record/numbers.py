"""Certificate numbers that survive being read aloud, written down and typed again: ``RE-7K4M-29QX-C``."""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import unquote

from stdnum import luhn

from kernel.typed import with_plain_digits

# Crockford's base 32: digits and capitals without I, L, O and U. 32 is even, which Luhn mod N needs to catch
# every single wrong character.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 8

# Shown where people type a number. Its check character is wrong, so that it can never be issued.
EXAMPLE = "RE-7K4M-29QX-C"
SAMPLE = "SAMPLE-0000-0000-0"  # printed where a design is tried; its check character is wrong too
LONGEST_INPUT = 5000

_MOST_FOUND, _MOST_PIECES = 4, 300
_SHORTEST, _LONGEST = RANDOM_LENGTH + 2, RANDOM_LENGTH + 9  # letters and digits of a number
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_DIGIT = re.compile(r"[0-9]")
_NUMBER_WORD = re.compile(r"N[RO](?=[A-Z])")  # “№TC-…”, of which Unicode makes NoTC
_LOOK_ALIKES = str.maketrans("OIL", "011")
# Cyrillic and Greek capitals that are drawn as ours: some keyboards and word processors put them in.
_ALIKE = str.maketrans("АВЕЅІЈКМНОРСТУХԚԜΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABESIJKMHOPCTYXQWABEZHIKMNOPTYX")
_MOST_QUOTED = 3  # a link that was pasted into a link, and that into another
# The check covers the prefix too: a course id, which may hold the four letters that the alphabet leaves out.
_PREFIX_AS_ALPHABET = str.maketrans("OILU", "011V")


def new_number(prefix: str) -> str:
    """A fresh number ``PREFIX-XXXX-XXXX-C``: 40 random bits and a Luhn mod 32 check character.

    ``prefix`` is a course id, a capital and up to seven capitals or digits; others raise ``ValueError``.
    Numbers are not promised to be unique: the unique constraint on the stored row decides.
    """
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"A certificate number cannot start with {prefix!r}")
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_LENGTH))
    check = luhn.calc_check_digit(prefix.translate(_PREFIX_AS_ALPHABET) + body, alphabet=ALPHABET)
    return _written(prefix, body, check)


def normalise(text: str) -> str | None:
    """The number as it is stored, from whatever a person typed; ``None`` when it cannot be one of ours.

    Case, spaces, any kind of dash, full-width characters and letters of other scripts that look the same do not matter,
    and after the prefix O reads as 0, I and L as 1. Any one wrong character is noticed, and any two neighbours changed
    over, except 0 with Z.
    """
    return _read("".join(_pieces(text)))


def numbers_in(text: str) -> tuple[str, ...]:
    """The numbers that a text may hold, as they are stored, likeliest first: a link, “No. …”, a line of a certificate.

    More than one only where a word beside the number could belong to it. Empty when nothing in it can be a number.
    """
    pieces = _pieces(unquoted(text))
    whole = "".join(pieces)
    ways: tuple[Iterable[str], ...] = (
        _as_printed(pieces),
        [whole] if len(whole) <= _LONGEST else (),
        _windows(pieces[:_MOST_PIECES]),
    )
    for typed in ways:
        if found := tuple(islice(filter(None, map(_read, typed)), _MOST_FOUND)):
            return tuple(dict.fromkeys(found))
    return ()


def unquoted(text: str) -> str:
    """A text without the %3A of addresses, however often it was quoted."""
    for _ in range(_MOST_QUOTED):
        plain = unquote(text)
        if plain == text:
            break
        text = plain
    return text


def _read(typed: str) -> str | None:
    """The number that capitals and digits without separators are."""
    prefix, rest = typed[: -RANDOM_LENGTH - 1], typed[-RANDOM_LENGTH - 1 :].translate(_LOOK_ALIKES)
    if not _PREFIX.fullmatch(prefix):
        return None
    if not luhn.is_valid(prefix.translate(_PREFIX_AS_ALPHABET) + rest, alphabet=ALPHABET):
        return None
    return _written(prefix, rest[:RANDOM_LENGTH], rest[RANDOM_LENGTH:])


def _pieces(text: str) -> list[str]:
    """The words of a text in plain capitals, parted by everything that is neither a letter nor a digit."""
    plain = with_plain_digits(unicodedata.normalize("NFKC", text[:LONGEST_INPUT])).upper().translate(_ALIKE)
    # Soft hyphens and direction marks stand inside words; a long vowel sign is what some keyboards have for a dash.
    seen = "".join(one for one in plain if unicodedata.category(one) != "Cf")
    return "".join(one if one.isalnum() and one != "ー" else " " for one in seen).split()


def _as_printed(pieces: list[str]) -> Iterator[str]:
    """What stands in four pieces as on a certificate: the prefix, four, four and one."""
    for prefix, *rest in zip(pieces, pieces[1:], pieces[2:], pieces[3:], strict=False):
        if [len(piece) for piece in rest] == [4, 4, 1]:
            yield "".join([prefix, *rest])
            if _NUMBER_WORD.match(prefix):
                yield "".join([prefix[2:], *rest])


def _windows(pieces: list[str]) -> Iterator[str]:
    """Neighbouring pieces that are together as long as a number; those of fewest pieces first.

    Several together must hold a digit: one in thirty-two windows over plain words would pass for a number.
    """
    for count in range(1, _LONGEST + 1):
        for start in range(len(pieces) - count + 1):
            joined = "".join(pieces[start : start + count])
            has_digit = count == 1 or _DIGIT.search(joined, len(joined) - RANDOM_LENGTH - 1)
            if has_digit and _SHORTEST <= len(joined) <= _LONGEST:
                yield joined


def is_example(text: str) -> bool:
    """Whether a text holds no number but the example, or that of a sample."""
    typed = "".join(_pieces(unquoted(text)))
    return not numbers_in(text) and any(number.replace("-", "") in typed for number in (EXAMPLE, SAMPLE))


def prefix_of(number: str) -> str:
    """The course id that a stored number begins with."""
    return number.split("-", 1)[0]


def _written(prefix: str, body: str, check: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}-{check}"
