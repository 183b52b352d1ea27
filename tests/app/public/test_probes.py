"""What monitors ask."""

import pytest
from flask import Flask

from kernel.errors import StorageError
from tests.conftest import ListeningBell
from tests.reading import Browser


class FullStore:
    """A store on a full disk."""

    def put(self, _key: str, _data: bytes) -> None:
        raise StorageError("No space left on device")


def test_alive_asks_nothing_else(app: Flask, bell: ListeningBell) -> None:
    bell.is_connected = False
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "alive"})


def test_ready_when_database_queue_and_storage_answer(browser: Browser, bell: ListeningBell) -> None:
    answer = browser.client.get("/readyz")
    assert answer.status_code == 200
    parts = ("database", "queue", "storage", "worker", "scheduler")
    assert answer.json == {"status": "ready", **dict.fromkeys(parts, "ready")}


@pytest.mark.parametrize("process", ["worker", "scheduler"])
def test_a_process_that_is_missing_is_named_while_pages_are_served(
    browser: Browser, bell: ListeningBell, process: str
) -> None:
    bell.alive = {**bell.alive, process: False}
    answer = browser.client.get("/readyz")
    assert (answer.status_code, answer.json[process], answer.json["status"]) == (200, "down", "ready")


def test_not_ready_names_the_queue(browser: Browser, bell: ListeningBell) -> None:
    bell.is_connected = False
    answer = browser.client.get("/readyz")
    assert (answer.status_code, answer.json["queue"], answer.json["storage"]) == (503, "down", "ready")


def test_not_ready_names_the_storage(
    app: Flask, browser: Browser, bell: ListeningBell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-files", FullStore())
    answer = browser.client.get("/readyz")
    assert (answer.status_code, answer.json["storage"], answer.json["queue"]) == (503, "down", "ready")


def test_asking_leaves_no_file_behind(app: Flask, browser: Browser, bell: ListeningBell) -> None:
    browser.client.get("/readyz")
    assert list(app.extensions["common-ground-files"].root.rglob("probes/*")) == []


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_nobody_keeps_an_old_answer(browser: Browser, bell: ListeningBell, address: str) -> None:
    assert browser.client.get(address).headers["Cache-Control"] == "no-store"
