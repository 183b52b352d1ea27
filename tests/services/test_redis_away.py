"""Redis is away, or does not answer, while people learn: they notice nothing, and nothing is lost."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Timer

import pytest
from rq import Queue
from sqlalchemy import func, select

from app.jobs.certificates import render_waiting
from app.jobs.housekeeping import run_housekeeping
from app.platform.queue import RedisBell, queue_name
from certificates.making.rendering import CERTIFICATE_FILES, RENDER_CERTIFICATES
from courses.records.completion import Completion
from kernel.tasks.kinds import TaskState
from tests.builders.tasks import count_open
from tests.services.conftest import LAST_QUESTION, PATIENCE, OwnRedis, Site, let_time_pass, reach_last_question

pytestmark = pytest.mark.slow


@contextmanager
def frozen(own_redis: OwnRedis) -> Iterator[None]:
    """Redis takes connections and answers nothing. A page that waits until it answers is an error."""
    had_to_be_woken = Event()

    def wake() -> None:
        had_to_be_woken.set()
        own_redis.send(signal.SIGCONT)

    alarm = Timer(PATIENCE, wake)
    own_redis.send(signal.SIGSTOP)
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()
        own_redis.send(signal.SIGCONT)
    assert not had_to_be_woken.is_set()


def finish_course(site: Site) -> None:
    learner = site.browser(site.learner())
    reach_last_question(learner)
    target, values = learner.open(LAST_QUESTION).form("Check my answer")
    page = learner.post(target, {**values, "answer": ["a", "b"]})
    assert "You have finished Test course. We are preparing your certificate." in page.text


def check_all_is_promised(site: Site) -> None:
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(Completion)) == 1
        assert count_open(session, CERTIFICATE_FILES) == 1
    assert [c.state for c in site.certificates()] == [TaskState.PENDING]


def queued(own_redis: OwnRedis) -> int:
    """How often a worker will be asked to make certificates."""
    return Queue(queue_name(RENDER_CERTIFICATES), connection=own_redis.client()).count


def test_without_redis_the_course_completes_and_the_certificate_follows(own_redis: OwnRedis, site: Site) -> None:
    finish_course(site)
    check_all_is_promised(site)
    own_redis.start()
    let_time_pass(site, timedelta(minutes=1))
    with site.app.app_context():
        run_housekeeping()
        assert queued(own_redis) == 1
        render_waiting()
        run_housekeeping()
    assert queued(own_redis) == 1
    assert [c.state for c in site.certificates()] == [TaskState.DONE]


def test_a_redis_that_does_not_answer_holds_nobody_up(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    with frozen(own_redis):
        finish_course(site)
    check_all_is_promised(site)


def test_signing_in_and_verifying_go_on_while_redis_does_not_answer(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    visitor = site.browser(site.learner())
    visitor.client.delete_cookie("common-ground")
    with frozen(own_redis):
        assert visitor.open("/verify/TC-0000-0000-0").status == 404
        assert visitor.submit("/sign-in", "Sign in", username="nobody", password="none of these").status == 422


def test_a_page_asks_a_queue_once_and_waits_a_second_at_most(site: Site) -> None:
    bell: RedisBell = site.app.extensions["common-ground-bell"]
    asked_with = bell.connection.connection_pool.connection_kwargs
    assert max(asked_with["socket_timeout"], asked_with["socket_connect_timeout"]) <= 1
    assert asked_with["retry"].get_retries() == 0


def test_readiness_says_that_the_queue_is_away(own_redis: OwnRedis, site: Site) -> None:
    client = site.app.test_client()
    away = client.get("/readyz")
    assert (away.status_code, away.json["queue"], away.json["database"]) == (503, "down", "ready")
    own_redis.start()
    back = client.get("/readyz")
    assert (back.status_code, back.json["status"]) == (200, "ready")
