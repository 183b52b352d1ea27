"""Count each night how everybody stands, in two ways, portion by portion."""

from app.jobs.task_loop import work_off
from app.platform.extensions import db
from app.platform.work import unit_of_work
from assignments.checking.counting import Ways, compare, next_people, ways_of
from assignments.checking.found import Found
from assignments.checking.record import STANDING_COUNTS, find_open_count, write_down
from kernel.clock import utc_now
from kernel.tasks.background import BackgroundTask
from kernel.tasks.claims import Claim, extend, finish
from people.organisations import get_organisation


def count_standings() -> None:
    """Go on with every count that is wanted: a killed worker costs one portion. Raises ``TasksFailed`` at the end."""
    work_off(STANDING_COUNTS, _count)


def _count(claimed: Claim[BackgroundTask]) -> None:
    session = db.session()
    (row,) = claimed.rows
    organisation_id = get_organisation(session, slug=row.subject).id
    ways: Ways | None = None
    while (count := find_open_count(session, organisation_id=organisation_id)) is not None:
        count_id, position = count.id, count.position
        ways = ways or ways_of(session, organisation_id=organisation_id, on=count.counted_on)
        people = next_people(session, ways, after=position)
        found = compare(session, ways, people) if people else Found(0, 0, ())
        session.expunge_all()
        with unit_of_work() as work:
            extend(work.session, claimed, now=utc_now())
            upto = people[-1] if people else None
            write_down(work.session, count_id=count_id, position=position, upto=upto, found=found, now=utc_now())
    with unit_of_work() as work:
        finish(work.session, claimed)
