"""Redis is away, or does not answer, while people learn: they notice nothing, and nothing is lost."""

import signal
import time
from datetime import timedelta

import pytest
from rq import Queue
from sqlalchemy import func, select

from app.jobs.certificates import render_waiting
from app.jobs.housekeeping import keep_house
from app.queue import JOBS, QUEUE_NAME
from certificates.issuing import CertificateState
from certificates.rendering import RENDER_CERTIFICATES
from courses.completion import Completion
from kernel.outbox import count_open
from tests.services.conftest import LAST_QUESTION, OwnRedis, Site, let_time_pass, reach_last_question

pytestmark = pytest.mark.slow

AT_MOST = 3.0  # seconds that a dead queue may cost a learner


def finish_in_time(site: Site) -> None:
    learner = site.browser(site.learner())
    reach_last_question(learner)
    target, values = learner.open(LAST_QUESTION).form("Check my answer")
    began = time.monotonic()
    page = learner.post(target, {**values, "answer": ["a", "b"]})
    assert time.monotonic() - began < AT_MOST
    assert "You have finished Test course. We are preparing your certificate." in page.text


def check_all_is_promised(site: Site) -> None:
    with site.session() as session:
        assert session.scalar(select(func.count()).select_from(Completion)) == 1
        assert count_open(session, job=RENDER_CERTIFICATES) == 1
    assert [c.state for c in site.certificates()] == [CertificateState.PENDING]


def queued(own_redis: OwnRedis) -> int:
    """How often a worker will be asked to make certificates; housekeeping rings for other things too."""
    jobs = Queue(QUEUE_NAME, connection=own_redis.client()).jobs
    return [job.func_name for job in jobs].count(JOBS[RENDER_CERTIFICATES])


def test_without_redis_the_course_completes_and_the_certificate_follows(own_redis: OwnRedis, site: Site) -> None:
    finish_in_time(site)
    check_all_is_promised(site)
    own_redis.start()
    let_time_pass(site, timedelta(minutes=1))
    with site.app.app_context():
        keep_house()
        assert queued(own_redis) == 1
        render_waiting()
        keep_house()
    assert queued(own_redis) == 1
    assert [c.state for c in site.certificates()] == [CertificateState.READY]


def test_a_redis_that_does_not_answer_holds_nobody_up(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    own_redis.send(signal.SIGSTOP)
    try:
        finish_in_time(site)
    finally:
        own_redis.send(signal.SIGCONT)
    check_all_is_promised(site)


def test_signing_in_and_verifying_go_on_while_redis_does_not_answer(own_redis: OwnRedis, site: Site) -> None:
    own_redis.start()
    own_redis.send(signal.SIGSTOP)
    visitor = site.browser(site.learner())
    visitor.client.delete_cookie("common-ground")
    began = time.monotonic()
    try:
        assert visitor.open("/verify/TC-0000-0000-0").status == 404
        assert visitor.submit("/sign-in", "Sign in", username="nobody", password="none of these").status == 422
    finally:
        own_redis.send(signal.SIGCONT)
    assert time.monotonic() - began < 2 * AT_MOST


def test_readiness_says_that_the_queue_is_away(own_redis: OwnRedis, site: Site) -> None:
    client = site.app.test_client()
    away = client.get("/readyz")
    assert (away.status_code, away.json["queue"], away.json["database"]) == (503, "down", "ready")
    own_redis.start()
    back = client.get("/readyz")
    assert (back.status_code, back.json["status"]) == (200, "ready")
