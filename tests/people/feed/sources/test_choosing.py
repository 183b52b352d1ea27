"""Which file is read: the newest that is whole and was never read, and no other."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.feed.reading.limits import MOST_BYTES
from people.feed.sources.choosing import SourceFile, Verdict, Wanted, as_seen, choose, from_seen, is_called

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)


def a_file(name: str, *, minutes: int = 0, size: int = 100) -> SourceFile:
    return SourceFile(name, f"/out/{name}", size, NOON + timedelta(minutes=minutes))


def verdicts(files: list[SourceFile], **wanted: object) -> dict[str, Verdict]:
    values = {"seen": {one.name: one.stand for one in files}, **wanted}
    found = choose(files, Wanted("staff*.csv", **values))  # type: ignore[arg-type]
    return {file.name: verdict for file, verdict in found.listed}


def test_the_newest_is_read_and_older_ones_are_left_out() -> None:
    files = [a_file("staff-1.csv"), a_file("staff-3.csv", minutes=9), a_file("staff-2.csv", minutes=5), a_file("x.txt")]
    assert verdicts(files) == {
        "staff-3.csv": Verdict.READ,
        "staff-2.csv": Verdict.OLDER,
        "staff-1.csv": Verdict.OLDER,
    }
    assert choose(files, Wanted("staff*.csv")).others == 1


def test_a_file_that_was_read_is_never_read_again_and_no_older_one_takes_its_place() -> None:
    files = [a_file("staff-1.csv"), a_file("staff-2.csv", minutes=5)]
    read = {("staff-2.csv", files[1].stand)}
    assert verdicts(files, read_before=read) == {"staff-2.csv": Verdict.KNOWN, "staff-1.csv": Verdict.OLDER}


def test_the_same_name_with_another_size_or_time_is_another_file() -> None:
    before = a_file("staff.csv")
    read = {("staff.csv", before.stand)}
    assert verdicts([a_file("staff.csv", size=101)], read_before=read) == {"staff.csv": Verdict.READ}
    assert verdicts([a_file("staff.csv", minutes=1)], read_before=read) == {"staff.csv": Verdict.READ}


def test_a_file_older_than_the_last_that_was_read_is_left_out_even_if_that_one_is_gone() -> None:
    found = verdicts([a_file("staff-1.csv")], newest_read_at=NOON + timedelta(minutes=1))
    assert found == {"staff-1.csv": Verdict.OLDER}


def test_a_file_waits_until_it_has_stood_still_between_two_looks() -> None:
    growing = a_file("staff.csv", size=200)
    assert verdicts([growing], seen={}) == {"staff.csv": Verdict.STILL}
    assert verdicts([growing], seen={"staff.csv": a_file("staff.csv", size=100).stand}) == {"staff.csv": Verdict.STILL}
    again = from_seen(as_seen(choose([growing], Wanted("staff*.csv"))))
    assert verdicts([growing], seen=again) == {"staff.csv": Verdict.READ}


@pytest.mark.parametrize("marker", ["staff.csv.done", "staff.done", "STAFF.CSV.DONE"])
def test_with_a_marker_one_look_is_enough(marker: str) -> None:
    files = [a_file("staff.csv"), a_file(marker, size=0)]
    assert verdicts(files, has_marker=True, seen={})["staff.csv"] is Verdict.READ


def test_a_marker_that_is_missing_or_of_the_day_before_does_not_count() -> None:
    file = a_file("staff.csv", minutes=60)
    assert verdicts([file], has_marker=True) == {"staff.csv": Verdict.UNMARKED}
    assert verdicts([file, a_file("staff.csv.done")], has_marker=True) == {"staff.csv": Verdict.UNMARKED}


def test_a_marker_is_never_read_itself() -> None:
    marker = a_file("staff.csv.done", size=0)
    assert choose([marker], Wanted("staff*", has_marker=True)).listed == ()


def test_an_empty_or_huge_newest_file_is_not_read_and_nothing_older_instead() -> None:
    files = [a_file("staff-1.csv"), a_file("staff-2.csv", minutes=1, size=0)]
    assert verdicts(files) == {"staff-2.csv": Verdict.EMPTY, "staff-1.csv": Verdict.OLDER}
    huge = a_file("staff.csv", size=MOST_BYTES + 1)
    assert verdicts([huge]) == {"staff.csv": Verdict.LARGE}


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("Nguyễn-王芳-محمد.csv", "nguyễn-*.csv"),
        ("Mitarbeiter Zürich.CSV", "mitarbeiter zu\u0308rich*.csv"),  # as a Mac writes ü
        ("Προσωπικό.csv", "προσωπικό.csv"),
        ("עובדים 2026.xlsx", "עובדים*.xlsx"),
        ("Ọláyínká’s “list”.csv", "*’s “list”.csv"),
        ("staff\N{REPLACEMENT CHARACTER}.csv", "staff?.csv"),
    ],
)
def test_names_in_every_script_are_found(name: str, pattern: str) -> None:
    assert is_called(name, pattern)


@given(
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c", "d"]), st.integers(0, 3), st.integers(0, 2)),
        unique_by=lambda one: one[0],
    ),
    st.booleans(),
)
def test_at_most_one_file_is_read_and_it_is_the_newest(found: list[tuple[str, int, int]], has_seen: bool) -> None:
    files = [a_file(f"staff-{name}.csv", minutes=minute, size=size) for name, minute, size in found]
    seen = {one.name: one.stand for one in files} if has_seen else {}
    choice = choose(files, Wanted("staff*.csv", seen=seen))
    assert [verdict for _, verdict in choice.listed].count(Verdict.READ) <= 1
    if choice.taken is not None:
        assert choice.taken.modified_at == max(one.modified_at for one in files)
        assert choice.taken.size_bytes > 0
        assert has_seen
