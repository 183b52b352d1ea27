"""Processes are started again when they die, and nothing is left when they are stopped."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tools.supervising import process_table
from tools.supervising.commands import Process
from tools.supervising.supervisor import Ending, Supervisor

# A parent with a child of its own that does not stop when asked: what a killed web server leaves behind.
FAMILY = "trap '' TERM; sleep 60 & echo $! >> child; echo $$ >> parent; wait"


def until(condition: Callable[[], object], *, seconds: float = 10.0) -> None:
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_alive(pid: int) -> bool:
    return process_table._session(pid) is not None


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    kept = Supervisor(cwd=tmp_path, logs=tmp_path / "log", environ=os.environ)
    yield kept
    kept.stop(patience=0.2)


def test_a_killed_process_is_started_again(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.supervise([Process("worker", ("sh", "-c", "echo $$ >> parent; exec sleep 60"))])
    until(lambda: len(pids(tmp_path / "parent")) == 1)
    os.kill(pids(tmp_path / "parent")[0], signal.SIGKILL)
    endings: list[Ending] = []
    until(lambda: endings.extend(supervisor.restart_dead()) or len(pids(tmp_path / "parent")) == 2)
    assert endings == [Ending("worker", "was ended by SIGKILL")]


def test_deaths_in_a_row_are_counted_and_each_tells_its_own_last_words(supervisor: Supervisor) -> None:
    supervisor.supervise([Process("worker", ("sh", "-c", "echo; echo attempt; echo there is no such key >&2; exit 3"))])
    endings: list[Ending] = []
    until(lambda: endings.extend(supervisor.restart_dead()) or len(endings) >= 3)
    words = "attempt\nthere is no such key"
    assert endings == [Ending("worker", "stopped with status 3", number, words) for number in (1, 2, 3)]


def test_what_waits_for_the_web_server_starts_when_it_may(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.supervise([Process("worker", ("sh", "-c", "echo $$ >> parent; exec sleep 60"), waits_for_web=True)])
    supervisor.restart_dead()
    assert pids(tmp_path / "parent") == []
    supervisor.start_waiting()
    until(lambda: pids(tmp_path / "parent"))


def test_effort_grows_while_something_works_and_stands_still_while_nothing_does(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.supervise([Process("web", ("sh", "-c", "echo $$ >> parent; exec sleep 60"))])
    until(lambda: pids(tmp_path / "parent"))
    until(lambda: (before := supervisor.effort()) == (time.sleep(0.1) or supervisor.effort()) and before >= 0)
    resting = supervisor.effort()
    with (tmp_path / "log" / "web.log").open("a") as log:
        log.write("a line more\n")
    assert supervisor.effort() > resting


def test_what_a_killed_process_leaves_behind_is_ended_before_the_next_one(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    supervisor.supervise([Process("web", ("sh", "-c", FAMILY))])
    until(lambda: pids(tmp_path / "parent"))
    orphan = pids(tmp_path / "child")[0]
    os.kill(pids(tmp_path / "parent")[0], signal.SIGKILL)
    until(supervisor.restart_dead)
    assert not is_alive(orphan)


def test_a_process_that_keeps_failing_is_started_less_and_less_often(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.supervise([Process("worker", ("sh", "-c", "echo $$ >> parent; exit 1"))])
    limit = time.monotonic() + 1.0
    while time.monotonic() < limit:
        supervisor.restart_dead()
        time.sleep(0.01)
    assert 2 <= len(pids(tmp_path / "parent")) <= 5


def test_stopping_ends_even_what_does_not_want_to_stop(supervisor: Supervisor, tmp_path: Path) -> None:
    supervisor.supervise([Process("web", ("sh", "-c", FAMILY))])
    until(lambda: pids(tmp_path / "parent"))
    family = pids(tmp_path / "parent") + pids(tmp_path / "child")
    supervisor.stop(patience=0.2)
    until(lambda: not any(is_alive(pid) for pid in family))


def test_what_others_lean_on_stops_last(supervisor: Supervisor, tmp_path: Path) -> None:
    script = 'trap "echo {0} >> order; exit" TERM; echo $$ >> parent; while :; do sleep 0.02; done'
    supervisor.supervise(
        [
            Process("redis", ("sh", "-c", script.format("redis")), stops_last=True),
            Process("web", ("sh", "-c", script.format("web"))),
        ]
    )
    until(lambda: len(pids(tmp_path / "parent")) == 2)
    supervisor.stop(patience=5.0)
    assert (tmp_path / "order").read_text().split() == ["web", "redis"]


def test_nothing_outlives_a_supervisor_that_is_killed_outright(tmp_path: Path) -> None:
    script = f"""
import os, time
from pathlib import Path
from tools.supervising.commands import Process
from tools.supervising.supervisor import Supervisor
folder = Path({str(tmp_path)!r})
supervisor = Supervisor(cwd=folder, logs=folder, environ=os.environ)
supervisor.supervise([Process("worker", ("sh", "-c", "echo $$ >> parent; exec sleep 60"))])
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=Path.cwd()) as running:
        until(lambda: pids(tmp_path / "parent"))
        running.kill()
    until(lambda: not is_alive(pids(tmp_path / "parent")[0]))


def test_the_next_start_finds_what_an_earlier_one_left_behind(tmp_path: Path) -> None:
    environ = {**os.environ, process_table.STARTED_IN: str(tmp_path)}
    with subprocess.Popen(["sleep", "60"], env=environ) as left_behind:
        until(lambda: process_table.marked(tmp_path) == [left_behind.pid])
        process_table.end(lambda: process_table.marked(tmp_path), patience=5.0)
    assert process_table.marked(tmp_path) == []
    assert process_table.marked(tmp_path.parent) == []
