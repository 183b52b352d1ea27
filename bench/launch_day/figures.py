"""The day in figures: one line of JSON each, and the same on a page with charts."""

import json
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bench.launch_day.visitor import Timings


@dataclass(frozen=True)
class Round:
    """One day of one build: its people, how long it took, and processor seconds by program."""

    build: str
    people: int
    finished: int
    seconds: float
    requests: int
    cpu: Mapping[str, float]
    timings: Timings
    faults: Sequence[str] = ()
    problems: Sequence[str] = ()


@dataclass
class Day:
    """All rounds of one build together."""

    build: str
    rounds: list[Round] = field(default_factory=list)

    @property
    def people(self) -> int:
        """Learners who finished, in all rounds."""
        return sum(one.finished for one in self.rounds)

    @property
    def cpu_by_program(self) -> dict[str, float]:
        """Processor seconds for each person who finished, by program."""
        names = {name for one in self.rounds for name in one.cpu}
        return {
            name: sum(one.cpu.get(name, 0.0) for one in self.rounds) / max(1, self.people) for name in sorted(names)
        }

    @property
    def seconds_by_kind(self) -> dict[str, list[float]]:
        """What every request took, by kind of page."""
        found: dict[str, list[float]] = {}
        for one in self.rounds:
            for kind, seconds in one.timings.seconds.items():
                found.setdefault(kind, []).extend(seconds)
        return dict(sorted(found.items()))

    @property
    def problems(self) -> list[str]:
        """Everything that was not as it should be."""
        return [problem for one in self.rounds for problem in one.problems]


def lines(day: Day) -> Iterator[dict[str, object]]:
    """The figures of a build by their names."""
    context: dict[str, object] = {"build": day.build, "people": day.people, "rounds": len(day.rounds)}
    cpu = day.cpu_by_program
    requests = sum(one.requests for one in day.rounds) / max(1, day.people)
    minutes = sum(one.seconds for one in day.rounds) / 60
    yield _line("cpu-seconds-per-person", sum(cpu.values()), "s", {**context, "by_program": _rounded(cpu)})
    yield _line("requests-per-person", requests, "requests", context)
    yield _line("people-per-minute", day.people / minutes if minutes else 0.0, "people", context)
    for kind, seconds in day.seconds_by_kind.items():
        counted: dict[str, object] = {**context, "requests": len(seconds), "p50_ms": round(p50(seconds) * 1000, 1)}
        yield _line(f"p99.{kind.replace(' ', '-')}", p99(seconds) * 1000, "ms", counted)
    refused = {what: times for one in day.rounds for what, times in sorted(one.timings.refused.items())}
    faults = [what for one in day.rounds for what in one.faults]
    yield _line("errors", len(day.problems), "errors", {**context, "asked_again": refused, "faults": faults})


def p50(seconds: Sequence[float]) -> float:
    """The median."""
    return statistics.median(seconds)


def p99(seconds: Sequence[float]) -> float:
    """What 99 of 100 did not pass; of fewer than a hundred, the largest."""
    return statistics.quantiles(seconds, n=100, method="inclusive")[98] if len(seconds) >= 100 else max(seconds)


def _line(name: str, value: float, unit: str, context: dict[str, object]) -> dict[str, object]:
    return {"name": f"launch-day.{name}", "value": round(value, 3), "unit": unit, "context": context}


def _rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


def as_json(line: Mapping[str, object]) -> str:
    """One line, in every script as it is written."""
    return json.dumps(line, ensure_ascii=False)
