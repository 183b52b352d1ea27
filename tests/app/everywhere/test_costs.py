"""No page of an HR lead costs more statements where there are more units and people: nothing is read one by one."""

from flask import Flask, url_for
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from assignments.requirements import require_course
from people.roles import Role
from tests.app.platform.test_query_counts import counted
from tests.builders.region import NOON, a_course, a_person, a_unit, an_account, an_organisation
from tests.reading import Browser


def test_no_page_of_an_hr_lead_costs_more_with_more_units_and_people(
    app: Flask, browser: Browser, session: Session, connection: Connection
) -> None:
    halton = an_organisation(session)
    unit, course = a_unit(session, halton), a_course(session)
    require_course(session, course_id=course.course_id, organisation_ids=[halton.id], account_id=None, now=NOON)
    # So many that figures are shown, with all that is read for them.
    person = [a_person(session, unit) for _ in range(12)][-1]
    browser.enter_as(an_account(session, a_person(session, unit), Role.HR_LEAD, unit=unit))
    given = {"slug": halton.slug, "person_id": person.id}
    with app.test_request_context():
        addresses = [
            url_for(rule.endpoint, **{name: given[name] for name in rule.arguments})  # type: ignore[arg-type]
            for rule in app.url_map.iter_rules()
            # What is held about oneself grows with what oneself has looked at.
            if "GET" in (rule.methods or ()) and rule.arguments <= given.keys() and "/held" not in rule.rule
        ]

    def costs() -> dict[str, int]:
        found = {}
        for address in addresses:
            browser.client.get(address).close()  # warm
            with counted(connection) as seen, browser.client.get(address) as answer:
                if answer.get_data() and answer.status_code == 200:
                    found[address] = len(seen)
        return found

    before = costs()
    assert len(before) > 40
    for number in range(9):
        team = a_unit(session, halton, f"Team {number}")
        a_person(session, team)
        a_person(session, team)
    session.commit()
    after = costs()
    assert {address: (most, after[address]) for address, most in before.items() if after[address] > most} == {}
