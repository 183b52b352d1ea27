"""The launch day as a page: processor time by program, and how long people waited, as charts with their tables."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

from bench.launch_day.figures import Day, p50, p99

HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Launch day</title>
<style>
body { font: 18px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 60rem; padding: 0 1rem; color: #14213d }
table { border-collapse: collapse; width: 100%; margin: 0 0 3rem }
caption { text-align: left; font-weight: bold; padding: .5rem 0 }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid #bbb }
th:first-child { text-align: left }
.bar { width: 40% } .bar svg { display: block; width: 100%; height: 1.1rem }
rect { fill: #0b6e6e } @media (forced-colors: active) { rect { fill: CanvasText } }
</style><main>
"""


def write_page(days: Sequence[Day], path: Path) -> Path:
    """Write it, and return where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [HEAD, "<h1>Launch day</h1>"]
    for day in days:
        parts += [f"<h2>{_name(day)}</h2>", _summary(day), _programs(day), _waiting(day), _problems(day)]
    path.write_text("\n".join([*parts, "</main></html>"]), encoding="utf-8")
    return path


def _name(day: Day) -> str:
    return {"this": "This build", "other": "The other build"}.get(day.build, escape(day.build))


def _summary(day: Day) -> str:
    cpu, minutes = sum(day.cpu_by_program.values()), sum(one.seconds for one in day.rounds) / 60
    return (
        f"<p>{day.people} people finished the course in {minutes:.1f} minutes. Each took {cpu:.2f} seconds of "
        f"processor time, and {sum(one.requests for one in day.rounds) / max(1, day.people):.0f} requests.</p>"
    )


def _programs(day: Day) -> str:
    rows = [(name, [f"{seconds:.3f}"], seconds) for name, seconds in day.cpu_by_program.items()]
    return _table("Processor seconds for each person, by program", ("Program", "Seconds"), rows)


def _waiting(day: Day) -> str:
    rows = [
        (kind, [str(len(all_)), f"{p50(all_) * 1000:.0f}", f"{p99(all_) * 1000:.0f}"], p99(all_))
        for kind, all_ in day.seconds_by_kind.items()
    ]
    head = ("Kind of page", "Requests", "Half within, ms", "99 % within, ms")
    return _table("How long people waited; the bars are what 99 % did not pass", head, rows)


def _table(caption: str, head: Sequence[str], rows: Sequence[tuple[str, list[str], float]]) -> str:
    most = max((size for _, _, size in rows), default=0.0) or 1.0
    heads = "".join(f'<th scope="col">{escape(one)}</th>' for one in (*head, ""))
    lines = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}'
        f'<td class="bar"><svg aria-hidden="true" viewBox="0 0 100 10" preserveAspectRatio="none">'
        f'<rect width="{100 * size / most:.1f}" height="10"/></svg></td></tr>'
        for name, cells, size in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table>"


def _problems(day: Day) -> str:
    if not day.problems:
        return "<p>Nothing was lost, and nothing is there twice.</p>"
    return f"<h3>What is wrong</h3><ul>{''.join(f'<li>{escape(one)}</li>' for one in day.problems)}</ul>"
