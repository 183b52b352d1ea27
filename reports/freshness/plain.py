"""Freshness as plain values, for JSON and for commands. Only what is shown is in them. Pure."""

from collections.abc import Iterator
from typing import Any

from reports.freshness.counting import SPANS
from reports.freshness.figures import FreshGroup, FreshnessFigures


def plain_freshness(found: FreshnessFigures) -> dict[str, Any]:
    """The figures as plain values, each group before its parts; what is not shown is ``None``."""
    figures = found.completion
    return {
        "definition": found.definition.as_json(),
        "authority": figures.organisation_name,
        "course": figures.course_title,
        "on": figures.on.isoformat(),
        "as_at": figures.as_at.isoformat(),
        "rounded_to": figures.step,
        "smallest_shown": figures.smallest_shown,
        "versions": [
            {
                "words": one.words,
                "published_on": one.published_on.isoformat() if one.published_on else None,
                "changed_since": list(one.changes),
            }
            for one in found.versions
        ],
        "groups": list(_groups(found.total, found)),
    }


def _groups(group: FreshGroup, found: FreshnessFigures) -> Iterator[dict[str, Any]]:
    counts = group.counts
    yield {
        "path": [name for name in group.group.place if name],
        "name": group.group.name,
        "on": found.completion.day_of(group.group).isoformat(),
        "people": counts.people if counts else None,
        "finished": counts.complete if counts else None,
        "within": {
            str(months): {"people": one.complete, "percent": one.complete_percent}
            for months, one in zip(SPANS, group.within, strict=False)
        },
        "by_version": [one.complete for one in group.by_version] if counts else None,
    }
    for part in group.parts:
        yield from _groups(part, found)
