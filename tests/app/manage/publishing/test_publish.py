"""Publishing an upload: the plain question, who is asked, and two people doing it at once."""

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.manage.publishing import publishing
from assignments.requirements import Requirement, requiring_organisations
from courses.catalogue.versions import Course, CourseVersion, publish
from kernel.audit import AuditEntry
from people.roles import Role
from tests.builders.bundles import Upload, a_bundle
from tests.builders.region import COURSE, FIRST, NOON, a_course, a_document, a_person, an_account, an_organisation
from tests.reading import Browser, Page

OTHER_WORDS = FIRST.replace("Welcome to", "You are welcome at")


@pytest.fixture
def author(session: Session, browser: Browser) -> Browser:
    account = an_account(session, a_person(session, name="Ngozi Okafor"), Role.AUTHOR)
    session.commit()
    return browser.enter_as(account)


def upload(browser: Browser, bundle: Upload) -> str:
    """The address of a new upload."""
    page = browser.submit("/manage/courses/upload", "Upload and check", follow=False, bundle=bundle)
    assert page.is_redirect, page.errors
    return page.location


def versions(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count()).select_from(CourseVersion)) or 0


def publish_first(browser: Browser, **fields: object) -> Page:
    return browser.submit(upload(browser, a_bundle()), "Publish as version 1", **fields)


def test_a_first_version_asks_who_should_take_it(author: Browser, session: Session) -> None:
    page = publish_first(author)
    assert page.status == 422
    assert page.title.startswith("Error: ")
    assert page.errors == ["Select who is asked to take it"]
    assert versions(session) == 0


def test_a_course_for_everyone_is_asked_for_by_every_authority(author: Browser, session: Session) -> None:
    for slug in ("halton", "sefton"):
        an_organisation(session, slug, slug.capitalize())
    session.commit()
    page = publish_first(author, asked="everyone", due_on=["18", "December", "2030"])
    assert "Test course: version 1 is published" in page.text
    assert [row["To finish by"] for row in page.table("Authorities that ask for this course")] == [
        "18 December 2030"
    ] * 2
    assert page.table("Versions, newest first")[0]["By"] == "Ngozi Okafor"
    course = session.scalars(select(Course)).one()
    assert len(requiring_organisations(session, course_ids=[course.id])[course.id]) == 2


def test_a_course_for_nobody_yet_ignores_the_date(author: Browser, session: Session) -> None:
    an_organisation(session)
    session.commit()
    page = publish_first(author, asked="nobody", due_on=["", "", "20"])
    assert page.status == 200
    assert "Nobody is asked to take it yet." in page.text
    assert session.scalars(select(Requirement)).all() == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (["31", "2", "2030"], "Due date must be a real date"),
        (["18", "", "2030"], "Due date must include a month"),
        (["", "", "2030"], "Due date must include a day and a month"),
        (["1", "6", "30"], "Year must include 4 numbers"),
        (["1", "smarch", "2030"], "Due date must be a real date"),
        (
            ["32", "13", "20"],
            "Due date must include a day from 1 to 31, a month from 1 to 12 and a year of 4 numbers",
        ),
        (["x", "", "99999"], "Due date must include a day from 1 to 31, a month and a year of 4 numbers"),
        (["0", "may", "20x6"], "Due date must include a day from 1 to 31 and a year of 4 numbers"),
        (["1", "1", "2020"], "Due date must be today or in the future"),
        (["1"], "Due date must include a month and a year"),
    ],
)
def test_a_wrong_due_date_is_named_and_kept(author: Browser, session: Session, typed: list[str], message: str) -> None:
    page = publish_first(author, asked="everyone", due_on=typed)
    assert (page.status, page.errors) == (422, [message])
    assert page.soup.find(id="due_on-day")["value"] == typed[0]
    assert versions(session) == 0


def test_the_next_version_answers_the_plain_question(author: Browser, session: Session) -> None:
    a_course(session)
    session.commit()
    page = author.open(upload(author, a_bundle(first=OTHER_WORDS)))
    assert "People midway stay on the version they began, unless this puts that version right." in page.text
    assert "People who have finished stay finished." in page.text
    assert "1 screen changed: TC-M1-S1" in page.text
    done = author.submit(page.url, "Publish as version 2", puts_right="no")
    assert "Test course: version 2 is published" in done.text
    assert [row["Version"] for row in done.table("Versions, newest first")] == ["Version 2", "Version 1"]


def test_publishing_is_on_record(author: Browser, session: Session) -> None:
    publish_first(author, asked="nobody")
    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "course-published")).one()
    assert entry.actor_account_id is not None
    assert entry.detail["version"] == 1


def test_the_same_content_again_has_nothing_to_publish(author: Browser, session: Session) -> None:
    a_course(session)
    session.commit()
    page = author.open(upload(author, a_bundle()))
    assert "This is the same as version 1, word for word." in page.text
    assert page.buttons.count("Publish as version 2") == 0
    author.submit(page.url, "Discard this upload")
    assert versions(session) == 1


def test_pressing_publish_twice_makes_one_version(author: Browser, session: Session) -> None:
    address = upload(author, a_bundle())
    target, values = author.open(address).form("Publish as version 1")
    for _ in range(2):
        page = author.post(target, {**values, "asked": "nobody"})
    assert "which was published already. Nothing changed" in page.text
    assert versions(session) == 1


def test_an_older_upload_does_not_bring_old_content_back(author: Browser, session: Session) -> None:
    address = upload(author, a_bundle())
    author.submit(address, "Publish as version 1", asked="nobody")
    author.submit(upload(author, a_bundle(first=OTHER_WORDS)), "Publish as version 2", puts_right="no")
    assert "Published as version 1." in author.open(address).text
    author.post(address, {"csrf_token": author.open(address).form("Sign out")[1]["csrf_token"], "number": "3"})
    assert versions(session) == 2


def test_somebody_who_published_meanwhile_is_noticed(author: Browser, session: Session) -> None:
    a_course(session)
    session.commit()
    address = upload(author, a_bundle(first=OTHER_WORDS))
    target, values = author.open(address).form("Publish as version 2")
    publish(session, document=a_document(first=FIRST + "\nMore words.\n"), account_id=None, now=NOON)
    session.commit()
    page = author.post(target, {**values, "puts_right": "no"})
    assert page.status == 422
    assert page.errors[0].startswith("Somebody else has published version 2 since you opened this page.")
    assert "Publish as version 3" in page.buttons
    assert versions(session) == 2


def test_somebody_who_publishes_first_and_a_second_time_meets_no_half_asked_course(
    author: Browser, session: Session
) -> None:
    an_organisation(session)
    session.commit()
    address = upload(author, a_bundle())
    target, values = author.open(address).form("Publish as version 1")
    a_course(session, first=OTHER_WORDS)
    session.commit()
    page = author.post(target, {**values, "asked": "everyone"})
    assert page.status == 422
    assert session.scalars(select(Requirement)).all() == []


def test_the_one_who_loses_a_race_is_told_and_nothing_is_half_done(
    author: Browser, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = upload(author, a_bundle())

    def lose(*_: object, **__: object) -> None:
        raise IntegrityError("INSERT INTO course_version", {}, Exception("UNIQUE constraint failed"))

    monkeypatch.setattr(publishing, "publish_upload", lose)
    page = author.submit(address, "Publish as version 1", asked="nobody")
    assert page.status == 422
    assert page.errors[0].startswith("Somebody else published a version of this course at the same moment.")
    assert versions(session) == 0


def test_an_id_that_belongs_to_another_course_cannot_be_published(author: Browser, session: Session) -> None:
    a_course(session)
    session.commit()
    page = author.open(upload(author, a_bundle(course=COURSE.replace("slug: test-course", "slug: other-course"))))
    assert "This cannot be published. Another course already uses the id TC" in page.text
    assert not [button for button in page.buttons if button.startswith("Publish")]


def test_a_discarded_upload_is_gone_from_the_pages(author: Browser, session: Session) -> None:
    address = upload(author, a_bundle())
    page = author.submit(address, "Discard this upload")
    assert "The upload is discarded. Nothing was published" in page.text
    assert author.open(address).status == 404
    assert versions(session) == 0


def test_a_published_upload_cannot_be_discarded(author: Browser, session: Session) -> None:
    address = upload(author, a_bundle())
    target, values = author.open(address).form("Discard this upload")
    author.submit(address, "Publish as version 1", asked="nobody")
    page = author.post(target, values)
    assert "This upload has been published, so it cannot be discarded" in page.text
