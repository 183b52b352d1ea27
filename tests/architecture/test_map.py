"""docs/architecture.md names everything there is, and nothing that is gone."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from flask import Flask

from app import cli
from app.platform.queue import JOBS
from app.wiring import EVENT_HANDLERS
from config import Settings
from kernel.events import Event
from tests.architecture.documents import names_in, names_in_column, rows, section
from tests.architecture.source import PRODUCT, ROOT, files, relative, tree
from tests.architecture.test_arrows import INSIDE, MAY_IMPORT
from tests.architecture.test_documents import is_there
from tools.paths import Paths
from tools.supervising import embedded_redis
from tools.supervising.commands import processes_for

MAP = ROOT / "docs" / "architecture.md"
FULL_NAME = re.compile(rf"\b(?:{'|'.join(PRODUCT)})(?:\.\w+)+")
GROUP = re.compile(r'"(common_ground\.\w+)"')
ROOMS_ABOVE = "every room above it"


def named(heading: str) -> list[str]:
    """What a section of the map names in the first column of its tables, in a stable order."""
    return sorted(names_in_column(section(MAP, heading)))


def test_the_map_names_every_room_and_every_part_of_one() -> None:
    packages = {f"{relative(path.parent)}/" for path in files(*PRODUCT) if path.name == "__init__.py"}
    assert named("The rooms") == sorted(packages)


@pytest.mark.parametrize("room", ["people", "courses", "courses/content", "certificates", "reports", "privacy", "app"])
def test_each_part_of_a_room_stands_under_its_room(room: str) -> None:
    assert [name for name in named(f"Inside {room}/") if not name.startswith(f"{room}/")] == []


def test_the_map_shows_the_arrows_between_rooms() -> None:
    shown: dict[str, set[str]] = {}
    for room, others in rows(section(MAP, "Between rooms")):
        above = set(shown) if ROOMS_ABOVE in others else set()
        shown[names_in(room)[0]] = above | set(names_in(others))
    assert shown == {room: MAY_IMPORT[room] - {room} for room in PRODUCT}


def test_the_map_shows_the_order_inside_each_room() -> None:
    shown = {names_in(room)[0]: order.replace("`", "") for room, order in rows(section(MAP, "Inside a room"))}
    assert shown == INSIDE


def test_the_life_of_one_answer_is_told_in_names_that_are_there_twice_alike() -> None:
    drawings = re.findall(r"^```\w*\n(.*?)^```$", section(MAP, "The life of one answer"), re.MULTILINE | re.DOTALL)
    told, drawn = ({*FULL_NAME.findall(drawing)} for drawing in drawings)
    assert told == drawn
    assert [name for name in told if not is_there(name)] == []


def events() -> Iterator[tuple[str, Path]]:
    """The name of every class that is an event, and the file that it stands in."""
    for path in files(*PRODUCT):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and any(getattr(base, "id", "") == Event.__name__ for base in node.bases):
                yield node.name, path


def test_the_map_names_every_event_with_its_place_and_what_follows() -> None:
    handlers = {event.__name__: {handle.__name__ for handle in handles} for event, handles in EVENT_HANDLERS.items()}
    written = {name: (relative(path), handlers.get(name, set())) for name, path in events() if name != Event.__name__}
    shown = {
        names_in(event)[0]: (names_in(place)[0], set(names_in(follows)))
        for event, place, follows in rows(section(MAP, "Events"))
    }
    assert shown == written


def test_the_map_names_every_job() -> None:
    assert named("Jobs") == sorted(JOBS)


def test_the_map_names_every_plug_point() -> None:
    texts = (path.read_text(encoding="utf-8") for path in files(*PRODUCT))
    assert named("Plug points") == sorted({group for text in texts for group in GROUP.findall(text)})


def test_one_place_looks_for_plugs() -> None:
    asking = [relative(path) for path in files(*PRODUCT) if "entry_points" in path.read_text(encoding="utf-8")]
    assert asking == ["kernel/plugs.py"]


def test_the_map_names_every_setting() -> None:
    shown = names_in_column(section(MAP, "Settings"), column=1)
    assert sorted(shown) == sorted(f"COMMON_GROUND_{name.upper()}" for name in Settings.model_fields)


def commands_of(command: click.Command, name: str) -> Iterator[str]:
    """The words after ``flask --app wsgi`` of a command, or of each command in a group."""
    if isinstance(command, click.Group):
        for inner, one in command.commands.items():
            yield from commands_of(one, f"{name} {inner}")
    else:
        yield name


def test_the_map_names_every_command() -> None:
    empty = Flask("empty")
    cli.init_app(empty)
    found = [words for name, command in empty.cli.commands.items() for words in commands_of(command, name)]
    assert named("Commands") == sorted(found)


def test_the_map_names_every_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_redis, "find_server", lambda _: "redis-server")
    settings = {"COMMON_GROUND_REDIS_URL": f"unix://{tmp_path}/redis"}
    started = processes_for(
        Paths(ROOT), host="127.0.0.1", port=0, redis_socket=tmp_path / "redis", settings=settings, workers=1
    )
    assert named("Processes") == sorted(process.name for process in started)
