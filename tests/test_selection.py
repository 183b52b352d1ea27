"""The second run of `.ci/run` leaves out what the first one has, and nothing else."""

import re
from pathlib import Path

import pytest

from tests.architecture.source import files, relative
from tests.selection import HERE, is_more_than_smoke, touches_database


def test_a_test_that_asks_for_no_database_touches_none(request: pytest.FixtureRequest) -> None:
    assert not touches_database(request.node)


@pytest.mark.usefixtures("session")
def test_a_test_that_asks_for_a_session_touches_a_database(request: pytest.FixtureRequest) -> None:
    assert touches_database(request.node)


def test_only_the_fixture_knows_where_the_databases_of_the_tests_are() -> None:
    """A test that found one in another way would be left out of the run on PostgreSQL."""
    knowing = re.compile(r"TEST_DATABASE_URL|new_database|running_site|\bSERVER\b")
    found = {relative(path) for path in files("tests") if knowing.search(path.read_text(encoding="utf-8"))}
    assert found - {relative(Path(__file__))} == {
        "tests/conftest.py",
        "tests/databases.py",
        "tests/test_databases.py",
        # The site of the journeys is a copy of what a fixture made; the report about pages is no test.
        "tests/browser/conftest.py",
        "tests/browser/live_site.py",
        "tests/browser/content_pages.py",
    }


def test_a_few_journeys_of_every_folder_are_taken_on_both_databases(request: pytest.FixtureRequest) -> None:
    journeys = [item for item in request.session.items if item.get_closest_marker("browser")]
    if not journeys:
        pytest.skip("no journey was collected")
    folders = {path.parent for path in files("tests/browser") if path.name.startswith("test_")}
    assert {item.path.parent for item in journeys if not is_more_than_smoke(item)} == folders


def test_only_what_has_real_processes_about_it_gets_a_second_go(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("flaky") is None
    again = {item for item in request.session.items if item.get_closest_marker("flaky")}
    real = {"browser", "services"}
    assert again == {item for item in request.session.items if item.path.relative_to(HERE).parts[0] in real}
