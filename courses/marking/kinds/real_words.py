"""Real words that lie a slip away from another: “employee” is no misspelling of “employer”.

The words are those of a Hunspell dictionary of British English, which has each word in one spelling: “color” and
“victimize” are not in it, and stay slips. Forms of one word (more than one, past tense) are no other word.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from rapidfuzz.distance import OSA

from courses.marking.kinds.spelling import allowance, normalised

DICTIONARY = Path(__file__).resolve().parents[3] / "node_modules" / "dictionary-en-gb"

# Flags of index.aff whose endings change the form of a word and not the word: -s, -ed and -ing.
_SAME_WORD = frozenset("SDG")


class _Affix(NamedTuple):
    taken: str
    added: str
    where: re.Pattern[str]

    def behind(self, stem: str) -> str | None:
        """The stem with this ending, or ``None`` where the ending does not fit it."""
        return stem.removesuffix(self.taken) + self.added if self.where.search(stem) else None


@lru_cache(maxsize=4096)
def other_words(meant: str) -> tuple[str, ...]:
    """Every real word that would pass as a misspelling of ``meant``, in order. All are normalised single words."""
    allowed = allowance(meant)
    if not allowed:
        return ()
    same, near = {meant, f"{meant}s", meant.removesuffix("s")}, set[str]()
    for stem, flags in _stems().get(meant[0], ()):
        if len(stem) > len(meant) + allowed:
            continue
        forms = _forms(stem, flags)
        near |= {form for form in forms if OSA.distance(form, meant, score_cutoff=allowed) <= allowed}
        if meant in forms and meant in (one_word := _forms(stem, set(flags) & _SAME_WORD)):
            same |= one_word
    return tuple(sorted(word for word in near - same if word[0] == meant[0]))


def _forms(stem: str, flags: Iterable[str]) -> set[str]:
    prefixes, suffixes = _affixes()
    forms = [stem, *(form for flag in flags for one in suffixes.get(flag, ()) if (form := one.behind(stem)))]
    forms += [prefix + form for flag in flags for prefix in prefixes.get(flag, ()) for form in forms]
    return {form if form.isascii() and form.isalpha() and form.islower() else normalised(form) for form in forms}


@cache
def _stems() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The entries of the dictionary, each with its flags, by the letters with which their forms begin."""
    prefixes, _ = _affixes()
    found = defaultdict[str, list[tuple[str, str]]](list)
    for line in (DICTIONARY / "index.dic").read_text(encoding="utf-8").splitlines()[1:]:
        stem, _, flags = line.partition("/")
        plain = normalised(stem)
        if plain.isalpha():
            for letter in {plain[0], *(prefix[0] for flag in flags for prefix in prefixes.get(flag, ()))}:
                found[letter].append((stem, flags))
    return dict(found)


@cache
def _affixes() -> tuple[Mapping[str, Sequence[str]], Mapping[str, Sequence[_Affix]]]:
    """What may stand before and behind a stem, by the flag that allows it."""
    prefixes, suffixes = defaultdict[str, list[str]](list), defaultdict[str, list[_Affix]](list)
    for line in (DICTIONARY / "index.aff").read_text(encoding="utf-8").splitlines():
        match line.split():
            case ["PFX", flag, "0", added, "."]:
                prefixes[flag].append(added)
            case ["SFX", flag, taken, added, where] if added.isalpha():  # what ’s adds is nothing to anybody's spelling
                suffixes[flag].append(_Affix("" if taken == "0" else taken, added, re.compile(f"{where}$")))
    return dict(prefixes), dict(suffixes)
