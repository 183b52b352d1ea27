"""People with a role in an HR file: no file takes over an account by its e-mail address, or ends access unseen."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import RuleBroken
from people.accounts import Account
from people.feed.runs.deciding import decide, needs_second_person
from people.feed.runs.reading import role_names
from people.feed.runs.record import Choice, FeedRun
from people.organisations import Organisation, Unit
from people.password_leaves import PasswordReset, ResetKind, begin_reset
from people.password_resets import ask_for_link, find_open_reset, give_token
from people.persons import Person
from people.roles import Role, grant
from tests.builders.region import NOON, an_account, an_organisation
from tests.people.feed.rows import HOMES, a_row
from tests.people.feed.runs import applied, jobs_now, planned, undone, work

LATER = NOON + timedelta(days=7)
TAKEN = "lead@example.org"


@pytest.fixture
def sefton(session: Session) -> Organisation:
    """Forty people: an admin, an author, an HR lead and another one, a manager, and some without a role."""
    organisation = an_organisation(session, "sefton", "Sefton")
    applied(session, organisation, rows(), now=NOON)
    return organisation


def rows(**emails: str) -> list:
    return [
        a_row(f"{place:04}", f"Person Nº{place}", unit=HOMES, email=emails.get(f"n{place}", f"p{place}@example.org"))
        for place in range(1, 41)
    ]


def account_of(session: Session, sefton: Organisation, place: int, role: Role | None = None) -> Account:
    person = session.get_one(Person, jobs_now(session, sefton)[f"{place:04}"].person_id)
    found = session.scalar(select(Account).where(Account.person_id == person.id)) or an_account(session, person)
    if role is not None:
        scoped = role in (Role.HR_LEAD, Role.MANAGER)
        unit = session.scalar(select(Unit.id).limit(1)) if role is Role.MANAGER else None
        grant(
            session,
            account_id=found.id,
            role=role,
            now=NOON,
            organisation_id=sefton.id if scoped else None,
            unit_id=unit,
        )
    return found


def abouts(run: FeedRun) -> list[str]:
    return [one["about"] for one in run.plan["sentences"] if one["about"].startswith("role-")]


def email_of(session: Session, account: Account) -> str | None:
    session.expire_all()
    return session.get_one(Person, account.person_id).email


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUTHOR, Role.HR_LEAD])
def test_nobody_takes_over_an_account_with_a_role_by_a_file(session: Session, sefton: Organisation, role: Role) -> None:
    lead, other = (account_of(session, sefton, place, Role.HR_LEAD) for place in (1, 2))
    admin, target = account_of(session, sefton, 4, Role.ADMIN), account_of(session, sefton, 3, role)
    run = planned(session, sefton, rows(n3=TAKEN), by=lead.id, now=LATER)
    assert run.plan["stopped"][0].startswith("Stopped: nothing has changed yet. The file would change the e-mail addr")
    assert abouts(run) == ["role-email"]
    assert role_names(session, run) == {"role-email": ("Person Nº3",)}
    assert needs_second_person(run, Choice.WITHOUT_LEAVERS)
    for choice in (Choice.ALL, Choice.WITHOUT_LEAVERS):
        with pytest.raises(RuleBroken, match="second person"):
            decide(session, run_id=run.id, choice=choice, by=lead.id, now=LATER)
        with pytest.raises(RuleBroken, match="an admin must agree"):
            decide(session, run_id=run.id, choice=choice, by=other.id, now=LATER)
    assert email_of(session, target) == "p3@example.org"
    decide(session, run_id=run.id, choice=Choice.ALL, by=admin.id, now=LATER)
    work(session, rows(n3=TAKEN), now=LATER)
    assert email_of(session, target) == TAKEN


def test_an_admin_brings_another_address_of_somebody_with_a_role_alone(session: Session, sefton: Organisation) -> None:
    admin = account_of(session, sefton, 4, Role.ADMIN)
    account_of(session, sefton, 3, Role.AUTHOR)
    run = planned(session, sefton, rows(n3=TAKEN), by=admin.id, now=LATER)
    assert (run.is_stopped, abouts(run)) == (False, ["role-email"])


def test_a_manager_here_is_looked_after_by_hr_leads(session: Session, sefton: Organisation) -> None:
    lead = account_of(session, sefton, 1, Role.HR_LEAD)
    account_of(session, sefton, 3, Role.MANAGER)
    assert not planned(session, sefton, rows(n3=TAKEN), by=lead.id, now=LATER).is_stopped


def test_another_name_for_somebody_with_a_role_needs_an_admin(session: Session, sefton: Organisation) -> None:
    lead = account_of(session, sefton, 1, Role.HR_LEAD)
    account_of(session, sefton, 3, Role.ADMIN)
    run = planned(session, sefton, [a_row("0003", "Person Smith")], by=lead.id, now=LATER)
    assert (run.is_stopped, abouts(run)) == (True, ["role-name"])


def test_a_role_that_is_younger_than_the_plan_keeps_its_address(session: Session, sefton: Organisation) -> None:
    lead, target = account_of(session, sefton, 1, Role.HR_LEAD), account_of(session, sefton, 3)
    run = planned(session, sefton, rows(n3=TAKEN), by=lead.id, now=LATER)
    decide(session, run_id=run.id, choice=Choice.ALL, by=lead.id, now=LATER)
    account_of(session, sefton, 3, Role.ADMIN)
    work(session, rows(n3=TAKEN), now=LATER)
    assert email_of(session, target) == "p3@example.org"


def test_undoing_a_file_gives_nobody_with_a_role_an_earlier_address(session: Session, sefton: Organisation) -> None:
    target = account_of(session, sefton, 3)
    run = applied(session, sefton, rows(n3=TAKEN), now=LATER)
    account_of(session, sefton, 3, Role.ADMIN)
    undone(session, run, now=LATER + timedelta(hours=1))
    assert email_of(session, target) == TAKEN


def test_links_that_went_to_the_old_address_open_nothing_and_codes_on_paper_stay(
    session: Session, sefton: Organisation
) -> None:
    target, beside = account_of(session, sefton, 3), account_of(session, sefton, 5)
    tokens = []
    for account in (target, beside):
        link = ask_for_link(session, username=account.username, now=LATER)
        assert link is not None
        tokens.append(give_token(link))
    code = begin_reset(session, account_id=target.id, kind=ResetKind.CODE, now=LATER)
    applied(session, sefton, rows(n3=TAKEN), now=LATER)
    session.expire_all()
    assert find_open_reset(session, token=tokens[0], now=LATER) is None
    assert find_open_reset(session, token=tokens[1], now=LATER) is not None
    assert session.get_one(PasswordReset, code.id).ends_at > LATER


def test_a_file_that_ends_the_job_of_the_only_hr_lead_says_so_by_name_and_stops(
    session: Session, sefton: Organisation
) -> None:
    lead, other = account_of(session, sefton, 1, Role.HR_LEAD), account_of(session, sefton, 2, Role.HR_LEAD)
    admin = account_of(session, sefton, 4, Role.ADMIN)
    file = [row for row in rows() if row.payroll_number != "0001"]
    run = planned(session, sefton, file, everybody=True, by=lead.id, now=LATER)
    assert run.plan["sentences"][0] == {
        "about": "role-leave-hr-lead",
        "count": 1,
        "words": "HR lead **loses access**, because their last job here ends.",
        "note": "",
    }
    assert role_names(session, run) == {"role-leave-hr-lead": ("Person Nº1",)}
    assert "end the last job of 1 HR lead" in run.plan["stopped"][0]
    for nobody_else in (lead.id, other.id):
        with pytest.raises(RuleBroken):
            decide(session, run_id=run.id, choice=Choice.ALL, by=nobody_else, now=LATER)
    assert not needs_second_person(run, Choice.WITHOUT_LEAVERS)
    decide(session, run_id=run.id, choice=Choice.ALL, by=admin.id, now=LATER)
    work(session, file, now=LATER, everybody=True)
    session.expire_all()
    assert not session.get_one(Account, lead.id).is_active


def test_a_file_of_an_admin_that_ends_the_job_of_an_hr_lead_takes_any_second_person(
    session: Session, sefton: Organisation
) -> None:
    admin, other = account_of(session, sefton, 4, Role.ADMIN), account_of(session, sefton, 2, Role.HR_LEAD)
    account_of(session, sefton, 1, Role.HR_LEAD)
    file = [row for row in rows() if row.payroll_number != "0001"]
    run = planned(session, sefton, file, everybody=True, by=admin.id, now=LATER)
    with pytest.raises(RuleBroken, match="second person"):
        decide(session, run_id=run.id, choice=Choice.ALL, by=admin.id, now=LATER)
    decide(session, run_id=run.id, choice=Choice.ALL, by=other.id, now=LATER)


def test_a_manager_who_leaves_is_named_and_stops_nothing(session: Session, sefton: Organisation) -> None:
    account_of(session, sefton, 3, Role.MANAGER)
    file = [row for row in rows() if row.payroll_number != "0003"]
    run = planned(session, sefton, file, everybody=True, now=LATER)
    assert (run.is_stopped, abouts(run)) == (False, ["role-leave-manager"])


def test_a_job_that_ends_beside_another_one_takes_no_access(session: Session, sefton: Organisation) -> None:
    account_of(session, sefton, 3, Role.ADMIN)
    second = [
        a_row("0003", "Person Nº3", person_number="7"),
        a_row("0903", "Person Nº3", unit=HOMES, person_number="7"),
    ]
    applied(session, sefton, second, now=NOON + timedelta(days=1))
    file = [row for row in rows() if row.payroll_number != "0003"]
    run = planned(session, sefton, [*file, second[1]], everybody=True, now=LATER)
    assert abouts(run) == []
