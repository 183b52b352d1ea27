"""A worker that is busy for long says that it lives, until it hangs or has lost what it had."""

from datetime import datetime, timedelta
from time import sleep

from sqlalchemy import select

from app.jobs.heartbeat import heartbeat
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask, background_kind, want
from kernel.tasks.claims import Claim, claim
from kernel.tasks.control import cancel
from tests.services.conftest import Site, wait_until

KIND = background_kind("test-heartbeat", lease=timedelta(minutes=1))


def taken(site: Site) -> Claim[BackgroundTask]:
    """Claimed half a minute ago."""
    with site.app.app_context(), unit_of_work() as work:
        want(work.session, KIND, subject="x", now=utc_now())
        found = claim(work.session, KIND, now=utc_now() - timedelta(seconds=30))
        assert found is not None
        return found


def heard_of(site: Site) -> datetime:
    with site.session() as session:
        found = session.scalars(select(BackgroundTask.claimed_at)).one()
        assert found is not None
        return found


def test_a_claim_is_extended_while_the_work_goes_on(site: Site) -> None:
    claimed, began = taken(site), utc_now() - timedelta(seconds=1)
    with site.app.app_context(), heartbeat(claimed, silence=timedelta(minutes=1), seconds=0.02):
        wait_until(lambda: heard_of(site) > began, "a beat", within=10, every=0.02)
    ended = heard_of(site)
    sleep(0.1)
    assert heard_of(site) == ended


def test_work_that_hangs_is_let_go(site: Site) -> None:
    claimed, began = taken(site), utc_now() - timedelta(seconds=1)
    with site.app.app_context(), heartbeat(claimed, silence=timedelta(0), seconds=0.02):
        sleep(0.1)
        assert heard_of(site) < began


def test_what_somebody_has_cancelled_is_not_held_on(site: Site) -> None:
    claimed, began = taken(site), utc_now() - timedelta(seconds=1)
    with site.app.app_context(), unit_of_work() as work:
        assert cancel(work.session, KIND, claimed.id)
    with site.app.app_context(), heartbeat(claimed, silence=timedelta(minutes=1), seconds=0.02):
        sleep(0.1)
    assert heard_of(site) < began
