"""Sentences that say what figures show."""

from people.reorganisation.sentences import day_in_words
from reports.completion import CompletionFigures


def chart_words(figures: CompletionFigures) -> str:
    """What the picture shows, for somebody who does not see it."""
    total = figures.total
    parts = [
        f"{child.name} {child.counts.complete_percent}%"
        for child in total.children
        if child.counts and child.counts.complete_percent is not None
    ]
    if total.counts is None or total.counts.complete_percent is None:
        return "No figures to draw."
    if figures.is_of_earlier_day:
        return (
            f"On {day_in_words(figures.on)}, about {total.counts.complete_percent}% of about "
            f"{total.counts.people:,} people who counted had finished. "
            f"Complete by part: {', '.join(parts) or 'not shown'}. The table below has every figure."
        )
    return (
        f"{total.counts.complete_percent}% of the {total.counts.people:,} people who count have finished. "
        f"Complete by part: {', '.join(parts) or 'not shown'}. The table below has every figure."
    )


def whose_what_when(figures: CompletionFigures) -> tuple[str, str]:
    """Two lines for a picture or a table that is pasted into a report: whose figures, of which course and day."""
    whose = figures.total.name
    if figures.total.unit_id is not None:
        whose = f"{whose}, {figures.organisation_name}"
    return whose, f"{figures.course_title}, {day_in_words(figures.on)}"
