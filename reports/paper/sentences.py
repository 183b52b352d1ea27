"""Sentences that say what figures show."""

from assignments.plans import Plan
from people.reorganisation.sentences import day_in_words
from reports.completion import CompletionFigures
from reports.earlier_days import smallest_shown_earlier
from reports.target.gap import Gap
from reports.target.standing import Standing


def answer(figures: CompletionFigures, *, is_asked: bool) -> str:
    """The first sentence, as the overview has it: which share has finished, of how many."""
    counts = figures.total.counts
    if figures.is_of_earlier_day:
        return _answer_then(figures, is_asked=is_asked)
    if counts is None:
        return "These figures are not shown."
    if not counts.people:
        return "Nobody counts here today."
    if not is_asked:
        has = "has" if counts.complete == 1 else "have"
        return (
            "Nobody here is asked to take this course. "
            f"{counts.complete:,} of the {counts.people:,} people who count {has} finished it."
        )
    return f"{counts.complete_percent}% of the {counts.people:,} people who count have finished."


def _answer_then(figures: CompletionFigures, *, is_asked: bool) -> str:
    counts, day = figures.total.counts, day_in_words(figures.day_of(figures.total))
    if counts is None:
        fewest = smallest_shown_earlier(figures.step)
        return f"These figures are not shown. On earlier days, a group of fewer than {fewest} people is not shown."
    share = (
        f"{counts.complete_percent}%" if is_asked and counts.complete_percent is not None else f"{counts.complete:,}"
    )
    it = "" if is_asked else " it"
    return f"About {share} of about {counts.people:,} people who counted on {day} had finished{it}."


def by_when(figures: CompletionFigures, standing: Standing, *, plan: Plan | None, rule: str) -> str:
    """The target and the pace, or else by when people are asked to finish; nothing of a day that is over, and nothing
    where nobody is asked. ``rule`` is the rule in words."""
    counts = figures.total.counts
    if figures.is_of_earlier_day or plan is None or counts is None or not counts.people:
        return ""
    if standing.target:
        target = standing.target
        return f"The target is {target.percent}% by {day_in_words(target.by_on)}. {standing.pace}".strip()
    due_on = plan.due.day if not plan.due.at_least_days else None
    if due_on is None:
        return f"They are asked to finish{', and no day is named' if rule == 'without a date' else f' {rule}'}."
    asked = "were" if plan.due.is_past(figures.on) else "are"
    return f"They {asked} asked to finish by {day_in_words(due_on)}."


def gap_sentence(gap: Gap | None, percent: int) -> str:
    """Where most people are missing to the target; nothing where none is."""
    if gap is None:
        return ""
    where = "The widest gap is in"
    if gap.of_all_percent >= 45:
        part = "About half" if gap.of_all_percent <= 55 else f"{gap.of_all_percent}%"
        where = f"{part} of the gap is in"
    return (
        f"{where} {gap.name}: {gap.complete_percent}% have finished, and {gap.more_people:,} more would bring it to "
        f"{percent}%."
    )


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
