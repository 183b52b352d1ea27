"""Which part of a group is furthest behind, said with what would close the gap. Pure."""

from dataclasses import dataclass

from reports.groups import Group


@dataclass(frozen=True)
class Gap:
    """The part furthest behind: its share complete, and how many more completions bring it to the average."""

    name: str
    unit_id: int | None
    complete_percent: int
    more_people: int


def widest_gap(group: Group) -> Gap | None:
    """The shown part with the lowest share complete, when it is below the group's own; ``None`` when none is.

    Only figures that are on the page anyway go into it.
    """
    if group.counts is None:
        return None
    whole = group.counts
    parts = [(part, part.counts) for part in group.children if part.counts and part.counts.people]
    if len(parts) < 2:
        return None
    part, counts = min(parts, key=lambda pair: pair[1].complete / pair[1].people)
    # The least whole number with which the part's share is not below the whole's.
    needed = -(-whole.complete * counts.people // whole.people)
    if needed <= counts.complete or counts.complete_percent is None:
        return None
    return Gap(part.name, part.unit_id, counts.complete_percent, needed - counts.complete)
