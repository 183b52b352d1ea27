"""Names in many scripts, drawn in plausible shares, and the e-mail addresses that go with them."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any

import yaml

NAMES_FILE = Path(__file__).parent / "names.yaml"

# Letters that Unicode does not take apart into a plain letter and a mark.
_PLAIN = str.maketrans({"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ø": "o", "ß": "ss", "æ": "ae"})


@dataclass(frozen=True)
class NameGroup:
    """Names that go together. ``share`` is in thousandths; the group without one takes the rest."""

    pattern: str
    given: tuple[str, ...]
    middle: tuple[str, ...]
    family: tuple[str, ...]
    share: float | None
    is_everywhere: bool

    def draw(self, random: Random) -> str:
        """A name put together by chance."""
        family, family2 = random.sample(self.family, 2) if len(self.family) > 1 else (self.family * 2)
        middle = random.choice(self.middle) if self.middle else ""
        return self.pattern.format(given=random.choice(self.given), middle=middle, family=family, family2=family2)


def read_names() -> tuple[NameGroup, ...]:
    """Every group of names in names.yaml."""
    listed: list[dict[str, Any]] = yaml.safe_load(NAMES_FILE.read_text(encoding="utf-8"))
    return tuple(
        NameGroup(
            pattern=entry["pattern"],
            given=_split(entry["given"]),
            middle=_split(entry.get("middle", "")),
            family=_split(entry["family"]),
            share=entry.get("share"),
            is_everywhere=entry.get("everywhere", False),
        )
        for entry in listed
    )


def _split(text: str) -> tuple[str, ...]:
    return tuple(unicodedata.normalize("NFC", name.strip()) for name in text.split(",") if name.strip())


class NameSource:
    """Draws names. ``mix`` (0 to 1) says how many of them come from elsewhere."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._groups = read_names()
        self._weights: dict[float, list[float]] = {}

    def draw(self, mix: float) -> str:
        """A name for somebody who works where the mix is ``mix``."""
        if mix not in self._weights:
            self._weights[mix] = list(accumulate(self._shares(mix)))
        group = self._random.choices(self._groups, cum_weights=self._weights[mix])[0]
        return group.draw(self._random)

    def _shares(self, mix: float) -> list[float]:
        shares = [(group.share or 0) * (1 if group.is_everywhere else mix) for group in self._groups]
        rest = 1000 - sum(shares)
        return [rest if group.share is None else share for group, share in zip(self._groups, shares, strict=True)]


class Addresses:
    """E-mail addresses as IT departments make them: the name if it can be typed, else the payroll number."""

    def __init__(self) -> None:
        self._used: Counter[str] = Counter()

    def address(self, name: str, *, payroll_number: str, domain: str) -> str:
        """An address that nobody else has."""
        local = ".".join(re.findall(r"[a-z]+", _ascii(name))) or payroll_number.lower()
        self._used[f"{local}@{domain}"] += 1
        number = self._used[f"{local}@{domain}"]
        return f"{local}{number if number > 1 else ''}@{domain}"


def _ascii(name: str) -> str:
    taken_apart = unicodedata.normalize("NFKD", name.translate(_PLAIN).replace("’", "").replace("-", ""))
    words = "".join(letter for letter in taken_apart if not unicodedata.combining(letter))
    return words.lower() if words.isascii() else ""
