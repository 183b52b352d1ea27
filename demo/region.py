"""The seven authorities of the demo and their trees: directorates, services, teams with places in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from random import Random
from string import ascii_uppercase
from typing import Any

import yaml

REGION_FILE = Path(__file__).parent / "region.yaml"

SMALLEST_TEAM, LARGEST_TEAM = 5, 25
_USUAL_TEAM, _CROWDED_TEAM = 11, 18
_MEMBERS = ("Council Chamber", "Elected Members", "Councillors")


@dataclass(frozen=True)
class Service:
    """A service as region.yaml describes it; ``people`` is relative to the others of its authority."""

    directorate: str
    name: str
    people: int
    work: str
    team_names: tuple[str, ...]
    done_percent: int


@dataclass(frozen=True)
class Authority:
    """An authority as region.yaml describes it. ``due_in_days`` may be negative: then everybody is late."""

    slug: str
    name: str
    people: int
    payroll: str
    grade: str
    has_letter_grades: bool
    domain: str
    elected: int
    due_in_days: int
    mix: float
    services: tuple[Service, ...]

    def grade_at(self, step: int) -> str:
        """What this authority calls the grade at ``step``, counted from 1 at the bottom."""
        return self.grade.format(ascii_uppercase[step - 1] if self.has_letter_grades else step)


@dataclass(frozen=True)
class Team:
    """A team to fill with ``size`` people. ``work`` is empty for elected members."""

    authority: Authority
    path: tuple[str, str, str]
    size: int
    work: str
    done_percent: int


def read_region() -> tuple[Authority, ...]:
    """The seven authorities in the order of their slugs."""
    listed: list[dict[str, Any]] = yaml.safe_load(REGION_FILE.read_text(encoding="utf-8"))
    return tuple(_authority(entry) for entry in listed)


def _authority(entry: dict[str, Any]) -> Authority:
    services = [
        Service(
            directorate=directorate["name"],
            name=name,
            people=people,
            work=work,
            team_names=tuple(_spread(patterns, entry["areas"])),
            done_percent=directorate["done"],
        )
        for directorate in entry["directorates"]
        for name, (people, work, *patterns) in directorate["services"].items()
    ]
    kept = ("slug", "name", "people", "payroll", "grade", "domain", "elected", "due_in_days", "mix")
    return Authority(
        **{key: entry[key] for key in kept},
        has_letter_grades=entry.get("letters", False),
        services=tuple(services),
    )


def _spread(patterns: Sequence[str], areas: Sequence[str]) -> list[str]:
    return [pattern.format(area=area) for pattern in patterns for area in (areas if "{area}" in pattern else areas[:1])]


def headcounts(authorities: Sequence[Authority], people: int) -> dict[str, int]:
    """How many of ``people`` each authority gets, by slug; together exactly ``people``."""
    shares = apportion(people, [authority.people for authority in authorities])
    return {authority.slug: count for authority, count in zip(authorities, shares, strict=True)}


def teams_of(authority: Authority, *, people: int, random: Random) -> list[Team]:
    """The authority's teams, with exactly ``people`` places between them, elected members included."""
    elected = round(authority.elected * people / authority.people)
    teams = [Team(authority, _MEMBERS, elected, work="", done_percent=30)] if elected else []
    counts = apportion(people - elected, [service.people for service in authority.services])
    for service, count in zip(authority.services, counts, strict=True):
        sizes = _team_sizes(count, names=len(service.team_names), random=random)
        for name, size in zip(_team_names(service.team_names, len(sizes)), sizes, strict=True):
            # Teams differ inside a directorate: a good manager, a hard winter.
            done = min(95, max(5, round(random.gauss(service.done_percent, 9))))
            path = (service.directorate, service.name, name)
            teams.append(Team(authority, path, size, service.work, done))
    return teams


def _team_sizes(people: int, *, names: int, random: Random) -> list[int]:
    """Sizes that add up to ``people``, most of them from 5 to 25."""
    if not people:
        return []
    wanted = min(names, round(people / _USUAL_TEAM))
    teams = max(1, wanted, -(-people // _CROWDED_TEAM))
    sizes = apportion(people, [random.uniform(0.5, 1.5) for _ in range(teams)])
    # Move people one by one from the largest team to the smallest until none is out of bounds.
    while not _are_usual(sizes) and max(sizes) - min(sizes) > 1:
        sizes[sizes.index(max(sizes))] -= 1
        sizes[sizes.index(min(sizes))] += 1
    return sizes


def _are_usual(sizes: Sequence[int]) -> bool:
    return min(sizes) >= SMALLEST_TEAM and max(sizes) <= LARGEST_TEAM


def _team_names(names: tuple[str, ...], teams: int) -> list[str]:
    if teams <= len(names):
        return list(names[:teams])
    lettered = [f"{name} {letter}" for letter in ascii_uppercase for name in names]
    repeated = set(islice(cycle(names), len(names), teams))
    first = [f"{name} A" if name in repeated else name for name in names]
    return first + lettered[len(names) : teams]


def apportion(total: int, weights: Sequence[float]) -> list[int]:
    """Split ``total`` in proportion to ``weights``, by largest remainders; the parts add up exactly."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(share) for share in exact]
    by_remainder = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts
