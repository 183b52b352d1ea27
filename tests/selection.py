"""Which tests a run is about: every one, or what a second run, on another database, adds to a first.

A test touches a database when it asks for the fixture ``a_database``, as it does through ``session``, ``app``, ``site``
and every other that leads there. Nothing else knows where the tests' databases are, so no list has to be kept.

What drives a browser or starts real processes gets a second go when it fails, and a third a little later, and the
summary names it: there the machine takes part, and a run of half an hour must not end over one late answer of a busy
disk. Everything else has one go.
"""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("Common Ground")
    group.addoption(
        "--only-database", action="store_true", help="leave out what touches no database: another run has it"
    )
    group.addoption(
        "--journeys",
        choices=("whole", "smoke"),
        default="whole",
        help="the journeys in a browser: all, or only those marked as smoke, because another run has them all",
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if is_real(item):
            item.add_marker(pytest.mark.flaky(reruns=2, reruns_delay=2))
    only_database, is_smoke = config.option.only_database, config.option.journeys == "smoke"
    left_out = [
        item
        for item in items
        if (only_database and not touches_database(item)) or (is_smoke and is_more_than_smoke(item))
    ]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def is_real(item: pytest.Item) -> bool:
    """Whether a test has real processes about it: a browser, or those in ``tests/services``."""
    return item.get_closest_marker("browser") is not None or "services" in item.path.relative_to(HERE).parts[:1]


def touches_database(item: pytest.Item) -> bool:
    return "a_database" in getattr(item, "fixturenames", ())


def is_more_than_smoke(item: pytest.Item) -> bool:
    """A journey in a browser that is not one of the few, each on one device, which touch every part of the site."""
    smoke, example = item.get_closest_marker("smoke"), getattr(item, "callspec", None)
    is_smoke = smoke is not None and example is not None and example.id in smoke.args
    return item.get_closest_marker("browser") is not None and not is_smoke
