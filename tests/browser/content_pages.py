"""Looks at every screen of the shipped courses as a learner on a phone sees it, and writes down what axe finds.

``python -m tests.browser.content_pages FILE`` writes JSON, findings by screen id; `make content-report` runs it.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import sync_playwright
from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.catalogue.versions import find_course_for, get_current_version, publish
from courses.content.bundle.reading import read_bundle, read_folder
from courses.content.model.course import CourseDocument
from courses.records.attempts import Attempt, ModuleProgress
from kernel.clock import utc_now
from people.accounts import Account
from tests.browser.conftest import ARGUMENTS, BUILT
from tests.browser.live_site import running_site
from tests.browser.visiting import AXE, PHONE, Visitor
from tests.databases import FOLDERS
from tools.installing.debian import find_browser
from tools.paths import HERE

LIBRARY = HERE.root / "courses" / "library"


def shipped_courses() -> list[CourseDocument]:
    documents = [read_bundle(read_folder(path.parent)).document for path in sorted(LIBRARY.glob("*/course.yaml"))]
    return [document for document in documents if document is not None]


def put_through(session: Session, username: str, documents: list[CourseDocument]) -> None:
    """Every course published, and one person who has read all of each, so that every screen is open to them."""
    now = utc_now()
    person_id = session.scalars(select(Account.person_id).where(Account.username == username)).one()
    for document in documents:
        publish(session, document=document, account_id=None, now=now)
        course = find_course_for(session, document=document)
        assert course is not None
        attempt = Attempt(
            person_id=person_id,
            course_id=course.id,
            cycle=1,
            course_version_id=get_current_version(session, course_id=course.id).id,
            started_at=now,
            last_seen_at=now,
            at_module=document.modules[0].slug,
            at_screen=1,
        )
        session.add(attempt)
        session.flush()
        session.add_all(
            ModuleProgress(
                attempt_id=attempt.id, module_id=module.id, screens_done=len(module.screens), completed_at=now
            )
            for module in document.modules
        )


def pages(documents: list[CourseDocument]) -> Iterator[tuple[str, str]]:
    """Each screen's id and address."""
    for document in documents:
        for module in document.modules:
            for number, screen in enumerate(module.screens, start=1):
                yield screen.id, f"/courses/{document.slug}/{module.slug}/{number}"


def look_at_all() -> dict[str, list[str]]:
    documents = shipped_courses()
    found: dict[str, list[str]] = {}
    with TemporaryDirectory(prefix=FOLDERS) as folder, running_site(Path(folder)) as site, sync_playwright() as pw:
        username = site.a_learner()
        with site.session() as session:
            put_through(session, username, documents)
            session.commit()
        browser = pw.chromium.launch(executable_path=find_browser(), args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": PHONE.width, "height": PHONE.height}, locale="en-GB")
        visitor = Visitor(context.new_page(), address=site.address, device=PHONE)
        visitor.sign_in(username)
        for screen_id, address in pages(documents):
            response = visitor.page.goto(site.address + address)
            is_there = response is not None and response.ok and response.url.endswith(address)
            found[screen_id] = visitor.problems() if is_there else ["the page does not open"]
        browser.close()
    return found


def main() -> int:
    file = Path(sys.argv[1])
    file.unlink(missing_ok=True)
    missing = [
        name
        for name, is_there in {
            "Chromium": find_browser(),
            "axe-core": AXE.is_file(),
            "the front end": BUILT.is_file(),
        }.items()
        if not is_there
    ]
    if missing:
        click.echo(f"NO PAGE WAS LOOKED AT IN A BROWSER: `make setup-tests` brings {', '.join(missing)}.")
        return 0
    click.echo("Looking at every screen in Chromium. This takes a few minutes.")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(look_at_all(), indent=1, ensure_ascii=False), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
