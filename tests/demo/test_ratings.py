"""Some of the demo's people say how sure they feel, so that its figures have something to show."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import document_of, get_version
from courses.content.model.personal import Moment
from courses.reflection.ratings import Rating
from demo.accounts import SIGN_INS
from demo.build import build
from demo.storing import Taken
from people.organisations import organisations
from reports.ratings import rating_figures
from tests.builders.own_words import a_course_about_oneself
from tests.builders.region import NOON


def test_some_people_say_how_sure_they_feel_and_the_largest_authority_has_figures(session: Session) -> None:
    course = a_course_about_oneself(session)
    version = get_version(session, course_id=course.course_id, version_number=1)
    document = document_of(session, version_id=version.id, fingerprint=version.fingerprint)
    taken = Taken(course.course_id, course.version_id, document)
    hashes = {person.username: "hash" for person in SIGN_INS}
    build(session, seed=2026, people=1500, course=taken, hashes=hashes, now=NOON)
    ratings = session.scalars(select(Rating)).all()
    assert {rating.moment for rating in ratings} >= {Moment.BEFORE, Moment.AFTER, Moment.LOOKING_BACK}
    assert all(rating.said_at <= NOON and rating.organisation_id is not None for rating in ratings)
    figures = [
        rating_figures(session, organisation=organisation, instrument_id="TC-C", now=NOON)
        for organisation in organisations(session)
    ]
    assert any(one.has_figures for one in figures)
