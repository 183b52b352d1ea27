"""What stands in documents for which a worker has to find it first: evidence packs, and reports of schedules."""

from dataclasses import dataclass

from app.platform.current_settings import current_settings
from app.platform.work import long_reading, unit_of_work
from kernel.clock import utc_now
from kernel.tasks.claims import Claim, ClaimLost, drop, extend
from people.organisations import Organisation
from reports.csv_export import completion_workbook
from reports.evidence.collecting import EvidenceFacts, asked_plans, course_facts, frame
from reports.paper.board import BoardFacts
from reports.paper.record import Paper, PaperKind
from reports.schedules.making import may_be_made, scheduled_board, scheduled_figures


@dataclass(frozen=True)
class Found:
    """What a document is made of: facts that are drawn, or a workbook that is made already."""

    facts: BoardFacts | EvidenceFacts | None = None
    workbook: bytes = b""


def evidence_facts(claimed: Claim[Paper], paper: Paper) -> EvidenceFacts:
    """Everything that stands in a pack, course by course; each is a step that its page shows. Raises ``ClaimLost``."""
    now, smallest = utc_now(), current_settings().smallest_group
    with long_reading() as session:
        organisation = session.get_one(Organisation, paper.organisation_id)
        plans = asked_plans(session, organisation_id=organisation.id, on=paper.on)
        facts = frame(
            session, organisation=organisation, number=paper.number or "", on=paper.on, now=now, smallest_shown=smallest
        )
    _step(claimed, 0, len(plans) + 1)
    for place, plan in enumerate(plans, start=1):
        with long_reading() as session:
            organisation = session.get_one(Organisation, paper.organisation_id)
            found = course_facts(
                session, plan, organisation=organisation, on=paper.on, now=now, smallest_shown=smallest
            )
        if found is not None:
            facts["courses"].append(found)
        _step(claimed, place, len(plans) + 1)
    return facts


def _step(claimed: Claim[Paper], done: int, wanted: int) -> None:
    with unit_of_work() as work:
        extend(work.session, claimed, now=utc_now(), done=done, wanted=wanted)


def scheduled(claimed: Claim[Paper], paper: Paper) -> Found:
    """What a report of a schedule is made of. Raises ``ClaimLost`` where nobody may have it made any more."""
    now, site = utc_now(), current_settings().public_url.rstrip("/")
    with long_reading() as session:
        may = may_be_made(session, paper, now=now)
    if not may:
        with unit_of_work() as work:
            drop(work.session, claimed, cancelled_at=now)
        raise ClaimLost(f"report {paper.id}")
    with long_reading() as session:
        found = scheduled_figures(session, paper, site=site, now=now, smallest_shown=current_settings().smallest_group)
        if paper.kind is PaperKind.FIGURES:
            return Found(workbook=completion_workbook(found.figures, found.made))
        return Found(facts=scheduled_board(session, paper, found))
