"""The made-up HR files: each reads by its mapping, changes a handful of people, and half of one is stopped."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from demo.feeds.keeping import keep_files, missing_files
from demo.feeds.making import MadeFile, file_names, has_mappings, make_feeds
from demo.feeds.shapes import SHAPES
from kernel.clock import local_day
from people.feed.mapping.row_reading import read_rows
from people.feed.mapping.stored import find_mapping
from people.feed.mapping.suggesting import suggest_mapping
from people.feed.mapping.uses import ColumnUse
from people.feed.planning.brakes import Brake, Limits, stops_of
from people.feed.planning.making import Covered, plan_rows
from people.feed.planning.plan import Plan
from people.feed.reading.opening import open_table
from people.feed.runs.state import read_state
from people.organisations import get_organisation
from tests.builders.region import NOON
from tests.demo.test_region import build_in

Files = dict[str, bytes]


@pytest.fixture
def files(session: Session) -> Files:
    build_in(session, people=1200)
    return {one.name: one.content for one in make_feeds(session, seed=1, now=NOON)}


def plan_of(session: Session, slug: str, content: bytes) -> Plan:
    organisation = get_organisation(session, slug=slug)
    stored = find_mapping(session, organisation_id=organisation.id)
    assert stored is not None
    table = open_table(BytesIO(content), choice=stored.mapping.reading)
    covered = Covered(stored.mapping.coverage.everybody, (), frozenset())
    on = local_day(NOON)
    return plan_rows(
        read_state(session, organisation, on=on), read_rows(table, stored.mapping, on=on), covered=covered, on=on
    )


def test_each_authority_has_a_file_that_changes_a_handful(session: Session, files: Files) -> None:
    assert has_mappings(session)
    assert set(files) == set(file_names())
    for slug, shape in SHAPES.items():
        plan = plan_of(session, slug, files[f"{slug}.{shape.ending}"])
        assert stops_of(plan, Limits()) == (), slug
        counts = plan.counts
        happens = (counts.joins, counts.leaves, counts.moves, counts.renames)
        assert all(happens), slug
        assert len(plan.items) < plan.rows / 10, slug
        assert (plan.new_units, plan.moved_emails) == ((), ()), slug


def test_half_of_a_file_that_holds_everybody_is_stopped(session: Session, files: Files) -> None:
    for slug, shape in SHAPES.items():
        stops = stops_of(plan_of(session, slug, files[f"{slug}-half.{shape.ending}"]), Limits())
        assert bool(stops) == shape.holds_everybody, slug
        assert all(stop.brake is Brake.LEAVERS for stop in stops)


def test_no_two_files_are_written_alike(files: Files) -> None:
    read = [open_table(BytesIO(content)).how for name, content in files.items() if "-half" not in name]
    assert sorted(one.format for one in read) == ["CSV"] * 6 + ["XLSX"]
    assert {one.choice.delimiter for one in read} == {",", ";", "\t", "|", None}
    assert {one.choice.encoding for one in read} == {"utf-8", "utf-8-sig", "utf-16-le", "cp1252", None}
    assert len({shape.mapping().dates for shape in SHAPES.values()}) == 3


def test_what_the_headings_suggest_is_what_the_saved_mapping_says(files: Files) -> None:
    for slug, shape in SHAPES.items():
        suggested = suggest_mapping(open_table(BytesIO(files[f"{slug}.{shape.ending}"])))
        assert suggested.missing == ()
        found = {column.heading: column.use for column in suggested.mapping.columns}
        differing = {heading for heading, use in shape.headings.items() if found[heading] is not use}
        assert all(shape.headings[one] is ColumnUse.UNUSED for one in differing), differing
        assert suggested.mapping.dates is shape.order
        if ColumnUse.UNIT in shape.headings.values():
            assert suggested.mapping.unit_separator == shape.unit_separator


def test_an_edited_file_is_kept_under_another_name_and_that_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "feeds"
    first = [MadeFile("wirral.csv", b"one"), MadeFile("halton.xlsx", b"two")]
    assert keep_files(folder, first) == ()
    assert "wirral.csv" not in missing_files(folder)
    assert keep_files(folder, [MadeFile("wirral.csv", b"three")]) == ()
    (folder / "wirral.csv").write_bytes(b"mine")
    (said,) = keep_files(folder, first)
    assert said == "You had edited wirral.csv. It is kept as wirral-edited.csv."
    assert (folder / "wirral-edited.csv").read_bytes() == b"mine"
    assert (folder / "wirral.csv").read_bytes() == b"one"
    (folder / "wirral.csv").write_bytes(b"mine too")
    (said,) = keep_files(folder, first)
    assert "wirral-edited-2.csv" in said
    assert (folder / "wirral-edited.csv").read_bytes() == b"mine"
