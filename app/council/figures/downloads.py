"""The same figures as a table to download and as a picture."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Response, current_app, request, url_for
from werkzeug.wrappers import Response as Download

from app.council.figures.figures_page import FiguresPage, figures_page
from app.platform.access import allow, who
from app.platform.current_settings import current_settings
from app.platform.extensions import db
from app.platform.pages.downloads import data_download, text_download
from kernel.spreadsheets import WORKBOOK_TYPE
from people.roles import Role
from reports import csv_export
from reports.answers.published import numbers_of
from reports.chart import completion_chart
from reports.figures.definition import cut_arguments
from reports.paper.notes import Made
from reports.paper.sentences import chart_words, whose_what_when

# In px of the drawing, where letters have 18; it is then stretched to the page.
WIDTHS, WIDEST = {"narrow": 328, "medium": 600}, 960
# A picture runs nothing and loads nothing; its own style stands inside it, and the letters are in it too.
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'; sandbox"


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def completion_csv(slug: str) -> Download:
    """The figures, line by line."""
    figures = figures_page(slug).get_figures()
    lines = "".join(csv_export.completion_csv(figures))
    return text_download(lines, mimetype="text/csv", name=csv_export.file_name(figures, "csv"))


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def completion_xlsx(slug: str) -> Download:
    """The same lines as a workbook, with a sheet of notes."""
    page = figures_page(slug)
    figures = page.get_figures()
    made = csv_export.completion_workbook(figures, made_by(page))
    return data_download(made, mimetype=WORKBOOK_TYPE, name=csv_export.file_name(figures, "xlsx"))


def made_by(page: FiguresPage) -> Made:
    """Who makes a file of a page of figures, the address of the page, and the numbers of the same figures."""
    figures = page.get_figures()
    numbers = numbers_of(db.session(), figures.definition) if figures.is_of_earlier_day else ()
    arguments: dict[str, Any] = {
        "course": figures.course_slug,
        "on": figures.on.isoformat(),
        **cut_arguments(figures.cut),
    }
    address = url_for("council.overview", slug=figures.organisation_slug, **arguments)
    return Made(who().name, current_settings().public_url.rstrip("/") + address, numbers)


@allow(Role.HR_LEAD, Role.MANAGER, Role.ADMIN)
def completion_svg(slug: str) -> Response:
    """A bar for each part; the page asks for the width whose letters suit the screen."""
    figures = figures_page(slug).get_figures()
    picture = completion_chart(
        figures.total,
        description=chart_words(figures),
        width=WIDTHS.get(request.args.get("width", ""), WIDEST),
        font=letters(Path(current_app.static_folder or "")),
        head=whose_what_when(figures),
        shows_started=figures.shows_started,
    )
    response = Response(picture, content_type="image/svg+xml; charset=utf-8")
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


@lru_cache(maxsize=1)
def letters(static_folder: Path) -> bytes | None:
    """Our letters, so that the picture looks like its page; a picture in a page cannot load them itself."""
    built = sorted(static_folder.glob("build/fonts/atkinson-latin-400.*.woff2"))
    return built[-1].read_bytes() if built else None
