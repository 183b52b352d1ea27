"""The bell: a lost ring costs nothing, and what it rings for is a name."""

import logging

import pytest
from flask import Flask
from redis.exceptions import ConnectionError as RedisAway

from app.platform.queue import JOBS, RedisBell, bell, ring
from tests.conftest import ListeningBell


class DeafBell(ListeningBell):
    """A bell whose rope is cut."""

    def ring(self, _job: str) -> None:
        raise RedisAway("Connection refused")


@pytest.mark.parametrize("job", JOBS)
def test_a_ring_reaches_the_bell(app: Flask, bell: ListeningBell, job: str) -> None:
    with app.app_context():
        ring(job)
    assert bell.rung == [job]


def test_a_ring_that_nobody_hears_is_logged_and_no_more(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(app.extensions, "common-ground-bell", DeafBell())
    with app.app_context(), caplog.at_level(logging.WARNING):
        ring("render-certificates")
    assert "render-certificates waits for housekeeping" in caplog.text


def test_a_bell_without_redis_is_not_reachable() -> None:
    away = RedisBell("redis://127.0.0.1:1")
    assert not away.is_reachable()
    with pytest.raises(RedisAway):
        away.ring("render-certificates")


def test_the_application_has_one_bell(app: Flask) -> None:
    with app.app_context():
        assert bell() is app.extensions["common-ground-bell"]
