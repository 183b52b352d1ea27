"""What people type, made comparable. The same words come in many forms of Unicode: a Mac sends é as e and an accent, an
Asian keyboard sends full-width letters, and a copied line brings narrow spaces and marks that nobody sees."""

import re
import unicodedata
from collections.abc import Callable, Sequence

# Format characters, NUL and its like, and halves of a pair: nobody sees them, and databases refuse some.
_UNSEEN = frozenset({"Cf", "Cc", "Cs"})
_BREAKS = str.maketrans(dict.fromkeys("\x0b\x0c\x85", "\n"))  # a word processor's line and page breaks
# What a database, a page or a spreadsheet cannot hold: control characters, halves of a pair, what is no character.
_UNSTORABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Letters that have no accent to take off, as a keyboard without them writes them.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})
_APOSTROPHES = "ʹʻʼʽʾʿꞌ"  # letters to Unicode; the other ones are punctuation there
_JOINERS = "\u200c\u200d"  # shape the letters beside them in Persian, in the scripts of India and in emoji


def storable(text: str) -> str:
    """The same text without characters that cannot be stored or shown; tabs and line breaks stay."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSTORABLE.sub("", text.translate(_BREAKS))


def composed(text: str) -> str:
    """The same words in the form to store and show: NFC, without unseen characters and without spaces to spare."""
    if text.isascii() and text.isprintable():  # nothing to compose, nothing unseen
        return " ".join(text.split())
    text = unicodedata.normalize("NFC", text)
    return " ".join((text if text.isprintable() else text.translate(_SEEN_AND_JOINERS)).split())


def folded(text: str) -> str:
    """The form in which two texts are compared: as ``composed``, and width, ligatures and capitals do not matter.

    Accents do, and so do powers and fractions: Sian is not Siân, and 10² is not 102. Folding again changes nothing.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.casefold().split())
    return composed(_one_width(_one_width(_seen(text)).casefold()))


def searchable(text: str) -> str:
    """The form in which names are put in order: as ``folded``, and accents do not matter either, in any script."""
    if text.isascii():
        return " ".join(text.casefold().split())
    letters = unicodedata.normalize("NFKD", text.casefold())
    plain = _seen(letters.translate(_WITHOUT_ACCENTS)).casefold()
    return " ".join(plain.translate(_PLAIN).split())


def search_words(typed: str) -> tuple[str, ...]:
    """The words that a name has to have, each without its apostrophes, hyphens and other marks.

    Nothing but marks stays as it is, and so is in no name.
    """
    words = searchable(typed).split()
    return tuple(joined for word in words if (joined := "".join(_pieces(word)))) or tuple(words)


def is_named(name: str, words: Sequence[str]) -> bool:
    """Whether each of these ``search_words`` is in a name: inside a piece of it, or from the start of one onwards.

    So O’Brien is found by "O'Brien", "O Brien", "OBrien" and "brien", and Mary-Jane by "maryjane" and "mary jane".
    """
    pieces = _pieces(searchable(name))
    spaced = " ".join(pieces)
    return all(
        word in spaced or any("".join(pieces[start:]).startswith(word) for start in range(len(pieces)))
        for word in words
    )


def search_beginnings(name: str) -> frozenset[str]:
    """What a name is stored as to be found: ``is_named`` is true when each word begins one of these texts.

    There is one for each letter, which goes on to the end of its piece, and one for each piece and all that follow it.
    """
    pieces = _pieces(searchable(name))
    run_on = ("".join(pieces[start:]) for start in range(len(pieces)))
    inside = (piece[place:] for piece in pieces for place in range(len(piece)))
    return frozenset((*run_on, *inside))


def name_key(name: str) -> str:
    """The same for two names that differ only in accents, capitals, marks or the order of their parts."""
    return " ".join(sorted(_pieces(searchable(name))))


def with_plain_digits(text: str) -> str:
    """The same text with the digits of every script as 0 to 9. What is more than a digit, such as ² or ①, stays."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def opaque(password: str) -> str:
    """A password in the one form that is hashed: the profile OpaqueString of RFC 8265.

    Every space is the ordinary one, and accents are composed; capitals, width and spaces to spare stay, for they count.
    """
    spaced = "".join(" " if unicodedata.category(letter) == "Zs" else letter for letter in password)
    return unicodedata.normalize("NFC", spaced)


class _Letters(dict[int, str]):
    """For ``str.translate``: what becomes of each letter, worked out when it is met first."""

    def __init__(self, becomes: Callable[[str], str]) -> None:
        super().__init__()
        self._becomes = becomes

    def __missing__(self, code: int) -> str:
        return self.setdefault(code, self._becomes(chr(code)))


def _unmarked(letter: str) -> str:
    return " " if letter in _APOSTROPHES or unicodedata.category(letter)[0] in "PSZ" else letter


def _of_one_width(letter: str) -> str:
    # NFKC makes digits also of powers, fractions and numbers in circles (category No).
    return letter if unicodedata.category(letter) == "No" else unicodedata.normalize("NFKC", letter)


def _if_seen(letter: str) -> str:
    return letter if letter.isspace() or unicodedata.category(letter) not in _UNSEEN else ""


_MARKS, _WIDTHS, _SEEN = _Letters(_unmarked), _Letters(_of_one_width), _Letters(_if_seen)
_SEEN_AND_JOINERS = _Letters(lambda letter: letter if letter in _JOINERS else _if_seen(letter))
_WITHOUT_ACCENTS = _Letters(lambda letter: "" if unicodedata.category(letter) == "Mn" else letter)


def _pieces(text: str) -> list[str]:
    return text.translate(_MARKS).split()


def _one_width(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(_WIDTHS)


def _seen(text: str) -> str:
    return text if text.isprintable() else text.translate(_SEEN)
