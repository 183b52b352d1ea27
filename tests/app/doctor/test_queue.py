"""``doctor`` on Redis, the workers and the clock: what keeps promises from being kept in time."""

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import ResponseError

from app.doctor import processes
from app.platform import presence
from tests.builders.region import NOON


class PretendRedis:
    """Answers as a Redis with these settings would."""

    def __init__(self, *, save: str | None = "", is_up: bool = True, **info: object) -> None:
        self.save, self.is_up, self.values = save, is_up, info

    def ping(self) -> None:
        if not self.is_up:
            raise RedisConnectionError("Connection refused.")

    def info(self, _section: str) -> Mapping[str, object]:
        return self.values

    def config_get(self, _name: str) -> Mapping[str, str]:
        if self.save is None:
            raise ResponseError("unknown command 'CONFIG'")
        return {"save": self.save}


def test_a_redis_that_does_not_answer_is_a_problem() -> None:
    assert processes.check_redis(PretendRedis(redis_version="7.4")).is_ok
    assert "COMMON_GROUND_REDIS_URL" in processes.check_redis(PretendRedis(is_up=False)).message


@pytest.mark.parametrize(
    ("redis", "is_kept"),
    [
        (PretendRedis(aof_enabled=1), True),
        (PretendRedis(aof_enabled=0, save="3600 1"), True),
        (PretendRedis(aof_enabled=0), False),
        (PretendRedis(aof_enabled=0, save=None), False),
    ],
)
def test_a_redis_that_keeps_nothing_is_a_problem(redis: PretendRedis, is_kept: bool) -> None:
    assert processes.check_redis_keeps(redis).is_ok is is_kept


def test_a_redis_that_may_throw_jobs_away_is_a_problem() -> None:
    assert processes.check_redis_never_evicts(PretendRedis(maxmemory_policy="noeviction")).is_ok
    assert not processes.check_redis_never_evicts(PretendRedis(maxmemory_policy="allkeys-lru")).is_ok


def heard(monkeypatch: pytest.MonkeyPatch, *, worker: timedelta | None, scheduler: timedelta | None) -> None:
    """Let the processes have been heard of this long ago; ``None`` for one that was never started."""

    def registered(ago: timedelta | None) -> list[SimpleNamespace]:
        return [] if ago is None else [SimpleNamespace(last_heartbeat=NOON - ago)]

    monkeypatch.setattr(presence.Worker, "all", lambda **_: registered(worker))
    monkeypatch.setattr(presence.CronScheduler, "all", lambda _: registered(scheduler))


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("worker", "scheduler", "is_fine"),
    [
        (MINUTE, MINUTE, True),
        (6 * MINUTE, None, True),  # nobody rings, so an idle worker is silent for long
        (6 * MINUTE, MINUTE, False),
        (9 * MINUTE, None, False),
        (None, MINUTE, False),
    ],
)
def test_a_worker_must_have_been_heard_of_lately(
    monkeypatch: pytest.MonkeyPatch, worker: timedelta | None, scheduler: timedelta | None, is_fine: bool
) -> None:
    heard(monkeypatch, worker=worker, scheduler=scheduler)
    assert processes.check_worker(PretendRedis(), now=NOON).is_ok is is_fine


def test_a_scheduler_must_have_been_heard_of_lately(monkeypatch: pytest.MonkeyPatch) -> None:
    for ago, is_fine in [(MINUTE, True), (3 * MINUTE, False), (None, False)]:
        heard(monkeypatch, worker=None, scheduler=ago)
        assert processes.check_scheduler(PretendRedis(), now=NOON).is_ok is is_fine
