"""``content-report``: how long and how readable every screen of the shipped courses is, the worst first."""

import json
from pathlib import Path

import click

from app.cli.content_report_files import (
    MODULE_COLUMNS,
    SCREEN_COLUMNS,
    ContentReport,
    as_csv,
    as_markdown,
    make_report,
    module_rows,
    screen_rows,
    summary,
)
from courses.catalogue.shipped import LIBRARY

MOST_SHOWN = 15
FOLDER = Path("var") / "content-report"
PAGES = click.Path(dir_okay=False, path_type=Path)


@click.command("content-report")
@click.option("--pages", type=PAGES, help="What a browser found on each page: JSON, findings by screen id.")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), default=FOLDER, show_default=True)
def content_report(pages: Path | None, into: Path) -> None:
    """Write report.md, screens.csv and modules.csv, and print what to mend first."""
    found = json.loads(pages.read_text("utf-8")) if pages and pages.exists() else None
    report = make_report(LIBRARY, found)
    into.mkdir(parents=True, exist_ok=True)
    (into / "report.md").write_text(as_markdown(report), "utf-8")
    (into / "screens.csv").write_text(as_csv(SCREEN_COLUMNS, screen_rows(report)), "utf-8")
    (into / "modules.csv").write_text(as_csv(MODULE_COLUMNS, module_rows(report)), "utf-8")
    _print(report, into)


def _print(report: ContentReport, into: Path) -> None:
    for line in summary(report):
        click.echo(line)
    for one in report.to_mend[:MOST_SHOWN]:
        click.echo(f"  {one.screen_id}  {one.title}: {'; '.join([*one.faults, *(report.findings_of(one) or ())])}")
    if len(report.to_mend) > MOST_SHOWN:
        click.echo(f"  and {len(report.to_mend) - MOST_SHOWN} more")
    click.echo(
        f"Everything stands in {into / 'report.md'}, and for spreadsheets in screens.csv and modules.csv beside it."
    )
