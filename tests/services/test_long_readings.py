"""What reads every answer fetches them in portions: also where no test holds a transaction open around it."""

from sqlalchemy import select

from app.jobs.item_counts import count_waiting
from kernel.clock import utc_now
from reports.items.snapshots import ItemSnapshot, ask_for_count
from tests.builders.region import a_course
from tests.reports.items.answering import people_answer
from tests.services.conftest import Site


def test_answers_are_counted_and_marked_again_outside_a_transaction(site: Site):
    with site.session() as session:
        course = a_course(session)
        people_answer(session, course, "TC-M1-Q1", ["a"] * 12)
        ask_for_count(session, version_id=course.version_id, now=utc_now())
    with site.app.app_context():
        count_waiting()
    with site.session() as session:
        assert session.scalars(select(ItemSnapshot)).one().has_figures
    outcome = site.app.test_cli_runner().invoke(args=["course", "replay-marks"])
    assert outcome.output == "12 answers marked again, 0 otherwise than before.\n"
