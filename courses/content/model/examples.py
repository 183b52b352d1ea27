"""Example sets: the kinds of work from which a learner picks the names, places and details of the stories."""

from collections.abc import Iterable

from courses.marking.question import Frozen


class ExampleSet(Frozen):
    """One set: its id, which tokens name, and what learners read in the list of sets."""

    id: str
    name: str
    is_default: bool = False


def set_in_use(sets: Iterable[ExampleSet], chosen: str | None) -> ExampleSet | None:
    """The set that somebody reads who chose ``chosen``: that one, or the default when they chose none that is left.

    ``None`` for a course without sets.
    """
    given = tuple(sets)
    default = next((one for one in given if one.is_default), given[0] if given else None)
    return next((one for one in given if one.id == chosen), default)
