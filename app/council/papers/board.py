"""The report for a board: of the figures that the address asks for, made by a worker, then handed out."""

from flask import render_template
from werkzeug.wrappers import Response

from app.council.figures.downloads import made_by
from app.council.figures.figures_page import FiguresPage, figures_page
from app.council.figures.standing import standing_of
from app.platform.access import allow, who
from app.platform.extensions import db
from app.platform.pages.downloads import stored_download
from app.platform.storage import file_store
from app.platform.work import unit_of_work
from kernel.clock import utc_now
from people.roles import Role
from reports.csv_export import file_name
from reports.paper.board import board_facts
from reports.paper.record import MAKE_PAPERS, Paper, PaperKind, ask_for_report, canonical, find_paper, once_for
from reports.paper.sentences import whose_what_when


def _facts(page: FiguresPage) -> str:
    figures = page.get_figures()
    standing = standing_of(db.session(), page, figures.total)
    made = made_by(page)
    return canonical(board_facts(figures, standing, made, plan=page.courses.plan, rule=page.courses.by_when))


def _found(facts: str) -> Paper | None:
    """The report of exactly these figures, ready or on its way."""
    paper = find_paper(db.session(), once=once_for(PaperKind.BOARD_REPORT, facts))
    return paper if paper and (paper.is_ready or paper.is_coming) else None


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def completion_pdf(slug: str) -> Response | tuple[str, int, dict[str, str]]:
    """The report, or a page that waits for it: asking for the file is what has it made."""
    page = figures_page(slug)
    figures, facts = page.get_figures(), _facts(page)
    paper = _found(facts)
    if paper is not None and paper.is_ready:
        stream = file_store().open(paper.storage_key)
        return stored_download(stream, mimetype="application/pdf", name=file_name(figures, "pdf"))
    if paper is None:
        _ask(page, facts)
    shown = render_template(
        "council/completion_pdf.html",
        organisation=page.organisation,
        head=whose_what_when(figures),
        kept=page.kept,
        is_ready=False,
        reason=paper.failure_reason if paper else None,
    )
    return shown, 202, {"Retry-After": "2"}


def _ask(page: FiguresPage, facts: str) -> None:
    with unit_of_work() as work:
        ask_for_report(
            work.session,
            facts=facts,
            organisation_id=page.organisation.id,
            on=page.day.on,
            account_id=who().account_id,
            now=utc_now(),
        )
        work.ring_after_commit(MAKE_PAPERS)


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def completion_pdf_status(slug: str) -> tuple[str, int]:
    """The part of the page that changes, for the script that waits: 202 until there is news."""
    page = figures_page(slug)
    paper = _found(_facts(page))
    is_ready = paper is not None and paper.is_ready
    shown = render_template(
        "council/completion_pdf_status.html",
        organisation=page.organisation,
        kept=page.kept,
        is_ready=is_ready,
        reason=paper.failure_reason if paper else None,
    )
    return shown, 200 if is_ready or paper is None else 202
