"""An authority's look: previewed, saved as versions, restored, and every bad input said beside its field."""

from datetime import date
from io import BytesIO

import pikepdf
import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy.orm import Session

from app.jobs.derived_files import make_derived_files
from app.jobs.task_loop import TasksFailed
from certificates.document.documents import certificate_document
from certificates.looks.branding import DEFAULT_BRANDING, Branding, Design, Wording
from certificates.looks.branding_versions import branding_of, find_current, save_branding
from certificates.making.derived_files import MAKE_DERIVED_FILES, DerivedFile, sample_facts
from certificates.pdf import render_pdf
from kernel.audit import entries_for
from kernel.tasks.kinds import TaskState
from people.organisations import Organisation
from people.roles import Role
from tests.builders.region import NOON, a_person, a_unit, an_account, an_organisation
from tests.certificates.document.test_pictures import a_png_header
from tests.certificates.pictures_for_tests import a_logo, a_picture, a_signature
from tests.conftest import ListeningBell
from tests.reading import Browser, Page

URL = "/manage/certificate-looks/halton"
SAVE, PREVIEW = "Save as a new version", "Preview"
VERSIONS = "Every version of this look"


@pytest.fixture
def halton(session: Session) -> Organisation:
    organisation = an_organisation(session)
    session.commit()
    return organisation


@pytest.fixture
def admin(session: Session, browser: Browser, halton: Organisation) -> Browser:
    account = an_account(session, a_person(session, name="Ada Admin"), Role.ADMIN)
    session.commit()
    return browser.enter_as(account)


def upload(data: bytes, name: str = "picture.png") -> tuple[BytesIO, str]:
    return BytesIO(data), name


def submit(admin: Browser, action: str = "save", **fields: object) -> Page:
    return admin.submit(URL, SAVE, action=action, **fields)


def saved(session: Session, halton: Organisation) -> Branding | None:
    session.expire_all()
    found = find_current(session, organisation_id=halton.id)
    return branding_of(session, found.document) if found else None


def preview_of(page: Page) -> str:
    return " ".join(page.soup.find("article").get_text(" ").split())


def test_an_authority_without_a_look_has_safe_defaults(admin: Browser) -> None:
    rows = admin.open("/manage/certificate-looks").table("Authorities and the look of their certificates")
    assert rows == [
        {
            "Authority": "Halton Borough Council",
            "Design": "Weave, in our own colours",
            "Present version": "Never changed",
        }
    ]
    page = admin.open(URL)
    assert "Certificate of completion This certifies that Ọláyínká Nguyễn-Siân" in preview_of(page)
    assert "Easy to read: the main colour has a contrast of 8.9 to 1 with white." in page.text


def test_a_look_is_saved_with_its_pictures_words_and_people(
    admin: Browser, session: Session, halton: Organisation
) -> None:
    page = submit(
        admin,
        design="frame",
        colour_main="103050",
        logo=upload(a_picture()),
        statement="Thank you.",
        second_language="cy",
        second_title="Tystysgrif",
        second_certifies="Mae hyn yn tystio bod",
        second_completed="wedi cwblhau",
        name_2="Siân Nguyễn",
        job_title_2="Chief Executive",
        signature_2=upload(a_picture(900, 300, "JPEG"), "me.jpg"),
    )
    assert "Version 1 is saved. Certificates issued from now on have it" in page.text
    look = saved(session, halton)
    assert look is not None
    assert (look.design, look.colours.main, look.second_language) == (Design.FRAME, "#103050", "cy")
    assert (look.logo, look.signatories[0].signature) == (a_logo(), a_signature())
    assert look.signatories[0].name == "Siân Nguyễn"
    row = page.table(VERSIONS)[0]
    assert (row["Version"], row["By"], row["Design"], row["Now"]) == ("1", "Ada Admin", "Frame", "The present one")


def test_saving_again_keeps_the_pictures_and_a_tick_removes_them(
    admin: Browser, session: Session, halton: Organisation
) -> None:
    submit(admin, logo=upload(a_picture()))
    submit(admin, title="Another title")
    assert saved(session, halton).logo == a_logo()
    submit(admin, drop_logo="y")
    assert saved(session, halton).logo is None


def test_the_preview_without_javascript_saves_nothing_and_keeps_everything(
    admin: Browser, session: Session, halton: Organisation
) -> None:
    page = submit(admin, "preview", title="A <b>title</b> {{ 7 * 7 }}", colour_main="#fff000", logo=upload(a_picture()))
    assert preview_of(page).startswith("A <b>title</b> {{ 7 * 7 }}")
    assert "Too light to read" in page.text
    assert saved(session, halton) is None
    fields = page.form(SAVE)[1]
    assert fields["title"] == "A <b>title</b> {{ 7 * 7 }}"
    assert len(fields["kept_logo"]) == 64
    admin.post(URL, {**fields, "colour_main": "#103050", "action": "save"})
    assert saved(session, halton).logo == a_logo()


def test_the_preview_while_typing_is_the_certificate_alone(admin: Browser, session: Session) -> None:
    _, fields = admin.open(URL).form(SAVE)
    response = admin.client.post(f"{URL}/preview", data={**fields, "certifies": "We say that", "colour_main": "red"})
    text = response.get_data(as_text=True)
    assert "We say that" in text
    assert "The main colour is not a colour yet." in text
    assert "<h1" not in text
    assert "red" not in text


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"colour_main": "red;}body{display:none}"}, "Main colour must be a # and six digits or letters from a to f"),
        ({"colour_main": "#f3b229"}, "Main colour is too light to read: its contrast with white is 1.8 to 1"),
        ({"title": ""}, "Enter the title"),
        ({"statement": "x" * 201}, "Closing sentence must be 200 characters or fewer"),
        ({"name_1": "x" * 300, "job_title_1": "x"}, "Name of person 1 must be 80 characters or fewer"),
        ({"job_title_3": "Director"}, "Enter the name of person 3 who signs"),
        ({"second_title": "Tystysgrif"}, "Select the language of the second wording"),
        ({"second_language": "xx"}, "Select a language from the list"),
        ({"design": "baroque"}, "Select a design"),
        ({"logo": upload(b"<svg onload=alert(1)>", "a.svg")}, "Logo must be a PNG, JPEG or WebP picture"),
        ({"logo": upload(b"OTTO" * 40, "font.otf")}, "Logo must be a PNG, JPEG or WebP picture"),
        ({"logo": upload(a_png_header(20_000, 20_000))}, "Logo must be no more than 4,096 pixels wide and high"),
        ({"signature_1": upload(b"", "empty.png"), "name_1": "A", "job_title_1": "B"}, "Signature of person 1 must be"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_what_was_typed_is_kept(
    admin: Browser, session: Session, halton: Organisation, fields: dict, message: str
) -> None:
    page = submit(admin, completed="kept as typed", **fields)
    assert page.status == 422
    assert any(error.startswith(message) for error in page.errors), page.errors
    kept = page.form(SAVE)[1]
    assert kept["completed"] == "kept as typed"
    assert all(
        str(kept[name]).strip() == value for name, value in fields.items() if name in ("colour_main", "title", "name_1")
    )
    assert saved(session, halton) is None


def test_what_somebody_else_saved_meanwhile_is_not_undone(
    admin: Browser, session: Session, halton: Organisation
) -> None:
    target, fields = admin.open(URL).form(SAVE)
    other = an_account(session, a_person(session), Role.ADMIN)
    theirs = Branding(wording=Wording("Theirs"))
    save_branding(session, organisation_id=halton.id, branding=theirs, seen=0, account_id=other.id, now=NOON)
    session.commit()
    page = admin.post(target, {**fields, "title": "Mine", "action": "save"})
    assert page.errors[0].startswith("Somebody else changed this look while you had it open.")
    assert saved(session, halton) == theirs
    both = page.table("What is saved, and what you typed here")
    assert ("Theirs", "Mine") in [tuple(row.values())[1:] for row in both]
    again = page.form("Save what I typed here")[1]
    assert again["title"] == "Mine"
    admin.post(target, {**again, "action": "save"})
    assert saved(session, halton).wording.title == "Mine"


def test_an_older_version_can_be_restored_and_that_is_on_record(
    admin: Browser, session: Session, halton: Organisation
) -> None:
    submit(admin, title="First")
    submit(admin, title="Second")
    target, fields = admin.open(URL).form("Restore version 1")
    page = admin.post(target, fields)
    assert "Version 1 is restored, as version 3" in page.text
    assert saved(session, halton).wording.title == "First"
    entry = entries_for(session, subject_type="organisation", subject_id=halton.id)[-1]
    assert (entry.action, entry.detail) == ("certificate-look-restored", {"version": 3, "restored_from": 1})
    assert "Somebody else changed this look" in admin.post(target, fields).text
    assert admin.post(target, {**fields, "number": "9"}).status == 404


def test_a_sample_pdf_is_made_in_the_queue(
    admin: Browser, app: Flask, session: Session, bell: ListeningBell, halton: Organisation
) -> None:
    page = submit(admin, "pdf", title="Draft title", logo=upload(a_picture()))
    assert "We are making the sample." in page.text
    assert bell.rung == [MAKE_DERIVED_FILES]
    assert saved(session, halton) is None
    assert admin.client.get(f"{page.url}/status").status_code == 202
    with app.app_context():
        make_derived_files()
    session.expire_all()
    assert session.query(DerivedFile).one().state is TaskState.DONE
    assert admin.client.get(f"{page.url}/status").status_code == 200
    assert "The sample is ready." in admin.open(page.url).text
    with admin.client.get(f"{page.url}/file") as response:
        assert response.data.startswith(b"%PDF-1.7")


def test_only_admins_find_any_of_it(browser: Browser, session: Session, halton: Organisation) -> None:
    unit = a_unit(session, halton)
    for role in (Role.HR_LEAD, Role.AUTHOR):
        account = an_account(session, a_person(session, unit), role, unit=unit)
        session.commit()
        browser.enter_as(account)
        assert [browser.open(page).status for page in ("/manage/certificate-looks", URL, f"{URL}/samples/1")] == [
            404
        ] * 3


def test_a_sample_of_another_authority_is_not_found(admin: Browser, session: Session, halton: Organisation) -> None:
    an_organisation(session, slug="sefton", name="Sefton Council")
    session.commit()
    page = submit(admin, "pdf")
    assert admin.open(page.url.replace("halton", "sefton")).status == 404


def test_a_sample_that_cannot_be_drawn_does_not_stop_the_next(
    admin: Browser, app: Flask, session: Session, bell: ListeningBell
) -> None:
    pages = [submit(admin, "pdf", title=title) for title in ("First", "Second")]
    first = session.query(DerivedFile).order_by(DerivedFile.id).first()
    first.document = {**first.document, "design": "of another release"}
    session.commit()
    with app.app_context(), pytest.raises(TasksFailed):
        make_derived_files()
    assert "The sample could not be made." in admin.open(pages[0].url).text
    assert "The sample is ready." in admin.open(pages[1].url).text


def test_a_preview_links_to_nothing(admin: Browser) -> None:
    preview = admin.open(URL).soup.find(id="look-preview")
    assert isinstance(preview, Tag)
    assert "Check it at" in preview.get_text()
    assert preview.find_all("a") == []


def test_a_preview_as_a_file_links_to_nothing() -> None:
    facts = sample_facts("Halton", DEFAULT_BRANDING, on=date(2026, 11, 29), verify_url="https://x.example/{}".format)
    with pikepdf.open(BytesIO(render_pdf(certificate_document(facts)))) as document:
        assert "/Annots" not in document.pages[0]
