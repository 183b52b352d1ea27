"""The list of people: searched by name, narrowed down by state and unit, in an order, page by page."""

from datetime import date

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from app.council.people.filters import OF_MANAGERS, STATE_WORDS, AskedList, asked_list
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.input.requests import number_in
from app.platform.pages.opened_names import note_names_opened
from app.platform.texts.carriers import ways_here
from assignments.due.rules import Since
from assignments.for_many.previewing import Terms, preview
from assignments.for_many.record import WHY_WORDS, ActKind
from assignments.plan_words import asked_in_words
from assignments.plans import Plan
from kernel.clock import utc_now
from kernel.errors import NotFound
from people.directory import looked_after
from people.roles import Role
from people.row_downloads.right import may_download_rows
from people.visibility import find_people_scope
from reports.listing.order import PeopleOrder
from reports.listing.people_states import PeoplePage, ids_of_people, people_page
from reports.listing.wanted import LearningState

PAGE_SIZE, LARGE_PAGE = 25, 100
# Of so many people the button says how many of them get a message; of more the page behind it does.
MOST_LOOKED_AT = 500
NEVER_NUDGED = (LearningState.FINISHED, LearningState.EXEMPT)


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def people(slug: str) -> str | tuple[str, int]:
    """The people whom somebody may act for, and how far they are."""
    asked = asked_list(slug, now=utc_now())
    organisation, choice = asked.scope.organisation, asked.choice
    if choice.course is None:
        return render_template("council/no_course.html", organisation=organisation, choices=(), courses=choice)
    if asked.problem:
        return _not_there(asked)
    session, today = db.session(), asked.of.on
    found, page, pages = _found(session, asked)
    shown = render_template(
        "council/people.html",
        organisation=organisation,
        courses=choice,
        asked=asked,
        wanted=asked.wanted,
        states=_states(asked.scope.shows_started, choice.plan, today),
        state_words=STATE_WORDS,
        shows_started=asked.scope.shows_started,
        **_opened(session, found, today, can_exempt=asked.scope.shows_started and choice.plan is not None),
        **_what_is_asked(session, choice.plan, today),
        **_sizes_and_orders(asked),
        kept=asked.kept,
        **_for_many(asked, found),
        found=found,
        page=page,
        pages=pages,
    )
    _note_opened(asked, page, found)
    return shown


def _not_there(asked: AskedList) -> tuple[str, int]:
    organisation = asked.scope.organisation
    return render_template("council/people_not_there.html", organisation=organisation, problem=asked.problem), 404


def _sizes_and_orders(asked: AskedList) -> dict[str, object]:
    """Addresses of the same list in another order and with more on a page."""

    def address(**changed: str | None) -> str:
        return url_for("council.people", slug=asked.scope.organisation.slug, **{**asked.kept, **changed})  # type: ignore[arg-type]

    def in_order(order: str) -> str:
        return address(sort=asked.wanted.sorting.after_choosing(PeopleOrder(order)).word)

    is_small = _page_size() == PAGE_SIZE
    other = (LARGE_PAGE, address(size=str(LARGE_PAGE))) if is_small else (PAGE_SIZE, address(size=None))
    return {
        "sorting": asked.wanted.sorting,
        "in_order": in_order,
        "other_size": other,
    }


def _page_size() -> int:
    return LARGE_PAGE if request.args.get("size") == str(LARGE_PAGE) else PAGE_SIZE


def _for_many(asked: AskedList, found: PeoplePage) -> dict[str, object]:
    """What can be done for everybody who is found, or for those who are chosen: nothing by managers, and nothing where
    nothing is asked. ``nudge`` says for whom, while they are few enough to look at each for a page."""
    of, slug = asked.of, asked.scope.organisation.slug
    can_act = asked.scope.shows_started and of.plan is not None
    nudge = None
    if can_act and found.found <= MOST_LOOKED_AT and asked.wanted.state not in NEVER_NUDGED:
        terms = Terms(ActKind.NUDGE, of.organisation_id, of.course_id)
        ids = ids_of_people(db.session(), of, asked.wanted)
        nudge = preview(db.session(), terms, ids, by=who().account_id, ways=ways_here(), now=asked.now)
    urls = {kind: url_for("council.people_act_new", slug=slug, kind=kind.value, **asked.kept) for kind in ActKind}  # type: ignore[arg-type]
    return {
        "act_urls": {kind.value: url for kind, url in urls.items()} if can_act else {},
        "nudge": nudge,
        "why_words": WHY_WORDS,
        "choose": request.args.get("choose", "") if can_act else "",
        "may_download": may_download_rows(
            db.session(), account_id=who().account_id, organisation_id=of.organisation_id, on=of.on
        ),
        "is_admin": who().has(Role.ADMIN),
    }


def _what_is_asked(session: Session, plan: Plan | None, today: date) -> dict[str, object]:
    """What is asked, in words, and whether it is due on one day for all."""
    has_one_day = plan is not None and plan.due.since is Since.DAY
    return {"asked_words": asked_in_words(session, plan, today), "has_one_day": has_one_day}


def _found(session: Session, asked: AskedList) -> tuple[PeoplePage, int, int]:
    """The page that is asked for, its number, and how many there are. Raises ``NotFound`` for one that is none."""
    page, size = number_in(request.args, "page"), _page_size()
    found = people_page(session, asked.of, asked.wanted, page=max(1, page), size=size)
    pages = max(1, -(-found.found // size))
    if not 1 <= page <= pages:
        raise NotFound(f"page {page} of {pages}")
    return found, page, pages


def _opened(session: Session, found: PeoplePage, today: date, *, can_exempt: bool) -> dict[str, frozenset[int]]:
    """Those of a page whose whole record opens to the one at the keyboard: to HR leads and admins, not to managers.
    And those whom they can exempt from the course."""
    scope = find_people_scope(session, account_id=who().account_id, on=today)
    ids = [one.person_id for one in found.people]
    opened = looked_after(session, person_ids=ids, scope=scope, on=today) if scope else frozenset[int]()
    return {"opened": opened, "exempted_by": opened if can_exempt else frozenset()}


def _states(shows_started: bool, plan: Plan | None, today: date) -> list[LearningState]:
    states = list(LearningState) if shows_started else list(OF_MANAGERS)
    can_be_late = plan is not None and (plan.due.since is not Since.DAY or plan.due.is_past(today))
    hidden = {LearningState.PAST_DATE: not can_be_late, LearningState.EXEMPT: plan is None}
    return [state for state in states if not hidden.get(state)]


def _note_opened(asked: AskedList, page: int, found: PeoplePage) -> None:
    # After the page is drawn: a commit forgets what was read, and every unit would be read again by itself.
    course, wanted = asked.choice.course, asked.wanted
    note_names_opened(
        "people",
        authority=asked.scope.organisation.slug,
        course=course.slug if course else None,
        state=wanted.state,
        unit=wanted.unit_id,
        is_search="yes" if wanted.name else None,
        page=page,
        people=len(found.people),
    )
