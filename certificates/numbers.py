"""Certificate numbers that survive being read aloud, written down and typed again: ``RE-7K4M-29QX-C``."""

import re
import secrets
import unicodedata

from stdnum import luhn

# Crockford's base 32: digits and capitals without I, L, O and U. 32 is even, which Luhn mod N needs to catch
# every single wrong character.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_LENGTH = 8

_LONGEST_INPUT = 64
_PREFIX = re.compile(r"[A-Z][A-Z0-9]{0,7}")
_LOOK_ALIKES = str.maketrans("OIL", "011")
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

    Case, spaces, any kind of dash and full-width characters do not matter, and after the prefix O reads as 0,
    I and L as 1. Any one wrong character is noticed, and any two neighbours changed over, except 0 with Z.
    """
    if len(text) > _LONGEST_INPUT:
        return None
    plain = unicodedata.normalize("NFKC", text).upper()
    typed = "".join(character for character in plain if not _is_separator(character))
    prefix, rest = typed[: -RANDOM_LENGTH - 1], typed[-RANDOM_LENGTH - 1 :].translate(_LOOK_ALIKES)
    if not _PREFIX.fullmatch(prefix):
        return None
    if not luhn.is_valid(prefix.translate(_PREFIX_AS_ALPHABET) + rest, alphabet=ALPHABET):
        return None
    return _written(prefix, rest[:RANDOM_LENGTH], rest[RANDOM_LENGTH:])


def prefix_of(number: str) -> str:
    """The course id that a stored number begins with."""
    return number.split("-", 1)[0]


def _is_separator(character: str) -> bool:
    # Pasted numbers bring no-break spaces, soft hyphens and direction marks along: Z, P and Cf cover them.
    category = unicodedata.category(character)
    return category[0] in "ZP" or category == "Cf" or character.isspace()


def _written(prefix: str, body: str, check: str) -> str:
    return f"{prefix}-{body[:4]}-{body[4:]}-{check}"
