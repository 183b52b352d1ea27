"""Small groups are not shown, and neither is anything from which they could be worked out. Pure.

The size of a group is the rule: in a group that is shown, every status is shown, also "nobody has started".
What is left when the shown children are taken from their parent is a group too, so it also holds to the rule.
The words for a hidden group are the same whatever the reason: "fewer than 10" beside one and "hidden to
protect another" beside the next would tell them apart, and 11 people in two groups could only be 1 and 10.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reports.groups import Counts, Group

# The threshold that is commonly asked of official statistics about people; it may be raised, never lowered.
SMALLEST_SHOWN = 10
# The key of what stands for all that is too small to be named; no grade has it.
OTHERS = "\N{HORIZONTAL ELLIPSIS}"


def check_threshold(smallest_shown: int) -> None:
    """Raise ``ValueError`` for a threshold below 10."""
    if smallest_shown < SMALLEST_SHOWN:
        raise ValueError(f"A group that is shown has at least {SMALLEST_SHOWN} people, not {smallest_shown}")


def whole_steps(people: int, smallest_shown: int) -> int:
    """How many of ``people`` go into a figure that is shown again and again: only whole steps of ``smallest_shown``.

    Somebody who compares today's figure with yesterday's then sees the difference that so many people made, and
    never that of one. 0 means that nothing is shown.
    """
    return people - people % smallest_shown


def hidden_among(sizes: Sequence[int], smallest_shown: int, statuses: Sequence[Sequence[int]] = ()) -> frozenset[int]:
    """Which children of a shown parent to hide, as positions in ``sizes``. ``statuses`` say for each status how many
    of each child have it.

    Groups that are too small are hidden first, and with them empty ones (otherwise ten hidden groups of ten
    people could only be one person each). Then the next smallest are hidden, all of one size together, until
    the hidden groups hold enough people and are not all just one person short of being shown. A status that nobody of
    them has, while others have it, would be known of each of them, however few they are: so more are hidden until
    somebody has it. Where nobody of all has it, the parent says so. The order of ``sizes`` plays no part. Tests try
    every family of sizes and statuses against somebody who knows this rule.
    """
    hidden = {place for place, size in enumerate(sizes) if 0 < size < smallest_shown}
    if not hidden:
        return frozenset()
    hidden |= {place for place, size in enumerate(sizes) if size == 0}
    for size in sorted({size for size in sizes if size >= smallest_shown}):
        is_safe = _is_safe([sizes[place] for place in hidden], smallest_shown)
        if is_safe and not any(_tells_of_each(status, hidden) for status in statuses):
            break
        hidden |= {place for place, other in enumerate(sizes) if other == size}
    return frozenset(hidden)


def _is_safe(hidden_sizes: Sequence[int], smallest_shown: int) -> bool:
    can_vary = any(size != smallest_shown - 1 for size in hidden_sizes)
    return sum(hidden_sizes) >= smallest_shown and can_vary


def _tells_of_each(status: Sequence[int], hidden: Collection[int]) -> bool:
    """Whether nobody who is hidden has a status that somebody else has."""
    return any(status) and not any(status[place] for place in hidden)


def hide_small_groups(group: Group, *, smallest_shown: int = SMALLEST_SHOWN) -> Group:
    """The same tree without what must not be seen. Raises ``ValueError`` for a threshold below 10."""
    check_threshold(smallest_shown)
    if group.counts is None or 0 < group.counts.people < smallest_shown:
        return without_figures(group)
    return _hide_below(group, smallest_shown)


def _hide_below(group: Group, smallest_shown: int) -> Group:
    counts = [child.counts or Counts() for child in group.children]
    # Not who is late: it is not counted everywhere, and what is hidden must not depend on where somebody looks.
    statuses = [[getattr(one, status) for one in counts] for status in ("complete", "in_progress", "not_started")]
    hidden = hidden_among([one.people for one in counts], smallest_shown, statuses)
    children = (
        without_figures(child) if place in hidden else _hide_below(child, smallest_shown)
        for place, child in enumerate(group.children)
    )
    return replace(group, children=tuple(children))


def gather_small_groups(group: Group, others: str, *, smallest_shown: int = SMALLEST_SHOWN) -> Group:
    """A list of groups in which those that must not be seen stand together as one, under the name ``others``.

    Where names are not known beforehand, as of grades, each that is named has people, even if it is not shown: ten
    hidden names of ten people would be one person each. Nobody is left out, so the list adds up. Without parts where
    the whole is not shown. Raises ``ValueError`` for a threshold below 10.
    """
    shown = hide_small_groups(group, smallest_shown=smallest_shown)
    if shown.counts is None:
        return replace(shown, children=())
    together = shown.hidden_together
    if together is None:
        return shown
    level = shown.children[0].level
    rest = Group(level, others, None, (others, "", ""), together, key=OTHERS)
    return replace(shown, children=(*(one for one in shown.children if one.is_shown), rest))


def hide_alike(group: Group, shown: Group) -> Group:
    """The same groups counted otherwise, without what is hidden in ``shown``; what stands together there does here.

    Were they hidden by their own numbers, two tables could hide different parts, and one would give away the other.
    """
    if not shown.is_shown:
        return replace(without_figures(group), children=without_figures(group).children if shown.children else ())
    known = {child.key: child for child in shown.children}
    others = known.pop(OTHERS, None)
    named = tuple(hide_alike(child, known[child.key]) for child in group.children if child.key in known)
    rest = [child for child in group.children if child.key not in known]
    if others is None:
        return replace(group, children=(*named, *(without_figures(child) for child in rest)))
    together = sum((child.counts for child in rest if child.counts), start=Counts())
    return replace(group, children=(*named, replace(others, counts=together)))


def without_figures(group: Group) -> Group:
    """The same group without figures, and everything below it."""
    return replace(group, counts=None, children=tuple(without_figures(child) for child in group.children))


@dataclass(frozen=True)
class LeftOutFigure:
    """A reason for not counting, in words, and how many people it leaves out; ``None`` when they are few."""

    words: str
    people: int | None


@dataclass(frozen=True)
class LeftOutFigures:
    """Everybody with a job here who is not counted; ``people`` of a reason is ``None`` where it is not shown.

    A total is given only when every reason is shown.
    """

    reasons: tuple[LeftOutFigure, ...]

    @property
    def total(self) -> int | None:
        """How many are left out; ``None`` when a small reason could be worked out from it."""
        shown = [reason.people for reason in self.reasons if reason.people is not None]
        return sum(shown) if len(shown) == len(self.reasons) else None
