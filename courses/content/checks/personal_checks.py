"""Rules for what learners say about themselves: every place has its file entry, and no two places are the same."""

from collections.abc import Collection

from courses.content.format.draft import Draft
from courses.content.model.personal import (
    FILED_BLOCKS,
    Instrument,
    Moment,
    PersonalBlock,
    StatementsBlock,
    file_of,
    named_by,
)
from courses.content.source.findings import Findings, Place


def check_personal(draft: Draft, findings: Findings) -> None:
    """Note places that nothing fills, entries without a place, and what stands twice."""
    _check_twice(draft, findings)
    known = {(one.place.file, one.id): one.thing for one in draft.personal if one.id}
    first: dict[str, Place] = {}
    placed: set[tuple[str, str | None]] = set()
    for place, block in _places(draft):
        if block.key in first:
            other = first[block.key]
            findings.error(place, f"The same stands on line {other.line} of {other.file}. Remove one.")
        first.setdefault(block.key, place)
        if not isinstance(block, FILED_BLOCKS):
            continue
        entry = file_of(block), named_by(block)
        placed.add(entry)
        if entry not in known and draft.is_read(entry[0]):
            findings.error(place, _lacking(*entry, known))
        thing = known.get(entry)
        if isinstance(thing, Instrument) and isinstance(block, StatementsBlock):
            _check_moment(thing, block, place, findings)
    for one in draft.personal:
        if one.id and (one.place.file, one.id) not in placed and draft.is_read("modules/"):
            findings.warning(one.place, f"No screen asks for {one.id}. Put it on one, or remove it.")


def _lacking(file: str, identity: str, known: Collection[tuple[str, str]]) -> str:
    elsewhere = next((other for other, named in known if named == identity), None)
    if elsewhere is not None:
        return f"“{identity}” stands in {elsewhere}, and this asks for {file}. Use the directive that belongs to it."
    return f"{file} has no “{identity}”. Write it, or correct the id."


def _places(draft: Draft) -> list[tuple[Place, PersonalBlock]]:
    return [found for module in draft.modules for screen in module.screens for found in screen.personal]


def _check_moment(instrument: Instrument, block: StatementsBlock, place: Place, findings: Findings) -> None:
    if block.moment is Moment.LOOKING_BACK and not instrument.asked_at(block.moment):
        findings.error(
            place, f"No statement of {block.instrument_id} looks back. Write “looks_back: true” beside some of them."
        )


def _check_twice(draft: Draft, findings: Findings) -> None:
    first: dict[str, Place] = {}
    for one in draft.personal:
        if one.id and one.id in first:
            place = first[one.id]
            findings.error(one.place, f"The id {one.id} is taken on line {place.line} of {place.file}. Choose another.")
        first.setdefault(one.id or "", one.place)
