"""Plans as their owner sees them: the form, the follow-up’s question, and the plan in words; ready to print."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import request, url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.course_pages.plan_fields import PlanFields, fields_for
from app.course_pages.rendering import ReadyCourse
from app.platform.access import who
from app.platform.pages.clashes import ClashView, clash_view
from app.platform.pages.templating import day, when
from courses.catalogue.versions import get_course
from courses.content.model.plans import MyPlanBlock, PlanBlock, PlanCheckBlock, PlanForm, PlanIdea
from courses.reflection.plans import (
    GOING_WORDS,
    TELL_WORDS,
    Going,
    Plan,
    PlanCheck,
    Tell,
    checks_of,
    find_plan,
    marks_of_check,
    marks_of_plan,
    sentence,
)
from kernel.errors import RuleBroken
from kernel.seen import ChangedMeanwhile

PlanPlace = PlanBlock | PlanCheckBlock | MyPlanBlock


@dataclass(frozen=True)
class PlanWriting:
    """The form of a plan for ``components/plan.html``. ``action_url`` is empty in a preview, where nothing is kept.

    ``ideas`` are roles with (address, words); the address fills the form.
    """

    id: str
    fields: PlanFields
    ideas: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    checks: tuple[str, ...]
    has_plan: bool
    saved_at: str | None
    action_url: str
    seen: str = ""
    clash: ClashView | None = None
    is_unsaved: bool = False
    shape: str = "plan"


@dataclass(frozen=True)
class PlanQuestion:
    """How the plan is going: ``words`` of ``None`` means that there is none yet, and a kind offer takes its place."""

    id: str
    words: str | None
    answers: tuple[tuple[str, str], ...]
    obstacles: tuple[tuple[str, str], ...]
    going: str | None
    obstacle: str | None
    tip: Markup | None
    action_url: str
    write_url: str
    seen: str = ""
    error: str | None = None
    clash: ClashView | None = None
    is_unsaved: bool = False
    shape: str = "plan-check"


@dataclass(frozen=True)
class PlanInWords:
    """The learner’s plan as a sentence; ``None`` when there is none."""

    id: str
    words: str | None
    write_url: str
    shape: str = "my-plan"


PlanView = PlanWriting | PlanQuestion | PlanInWords


def plan_words_of(plan: Plan) -> str:
    """ "If a name is new to me, then I will ask, from 3 December 2026." """
    when = f", {plan.by_or_from} {day(plan.acts_on)}" if plan.acts_on else ""
    words = f"{sentence(plan)}{when}"
    return words if words.rstrip("”’\"'").endswith((".", "?", "!")) else f"{words}."


def plan_view(session: Session, course: ReadyCourse, block: PlanPlace, here: str) -> PlanView:
    """What one place shows the person at the keyboard."""
    form = form_in_words(course, course.document.plans[block.plan_id])
    plan = find_plan(session, person_id=who().person_id, form_id=block.plan_id)
    if isinstance(block, PlanBlock):
        idea = request.args.get("idea", "")
        return writing_view(block.plan_id, form, plan, here, f"{here}/plans/{block.plan_id}", idea)
    write_url = url_for("learn.plan_words", form_id=block.plan_id)
    if isinstance(block, MyPlanBlock):
        return PlanInWords(block.key, plan_words_of(plan) if plan else None, write_url)
    check = None
    if plan is not None:
        course_id = get_course(session, slug=course.document.slug).id
        check = next((one for one in checks_of(session, plan_ids=[plan.id]) if one.course_id == course_id), None)
    return _question(course, block, form, plan, check, f"{here}/plans/{block.plan_id}/check", write_url)


def plan_preview(course: ReadyCourse, block: PlanPlace, idea: str) -> PlanView:
    """The same for an author, with an example where a learner has a plan."""
    form = form_in_words(course, course.document.plans[block.plan_id])
    if isinstance(block, PlanBlock):
        return writing_view(block.plan_id, form, None, "", "", idea)
    if isinstance(block, MyPlanBlock):
        return PlanInWords(block.key, EXAMPLE, "")
    return PlanQuestion(
        block.key, EXAMPLE, _ANSWERS, tuple((one.id, one.text) for one in form.obstacles), None, None, None, "", ""
    )


EXAMPLE = "If (what the learner wrote), then I will (what the learner wrote)."
_ANSWERS = tuple((going.value, words) for going, words in GOING_WORDS.items())


def writing_view(
    plan_id: str, form: PlanForm, plan: Plan | None, here: str, action_url: str, idea: str = ""
) -> PlanWriting:
    """The form with the plan that there is, or with an idea that was chosen. ``here`` is the page without a query."""
    return PlanWriting(
        id=plan_id,
        fields=fields_for(plan, form.idea(idea)),
        ideas=tuple(
            (
                group.role,
                tuple(
                    (f"{here}?idea={row}-{column}#{plan_id}", _idea_words(one))
                    for column, one in enumerate(group.ideas, start=1)
                ),
            )
            for row, group in enumerate(form.ideas, start=1)
        ),
        checks=form.checks,
        has_plan=plan is not None,
        saved_at=when(plan.changed_at) if plan else None,
        action_url=action_url,
        seen=marks_of_plan(plan_id, plan),
    )


def writing_again(view: PlanWriting, fields: PlanFields, refusal: RuleBroken | None, keep_url: str) -> PlanWriting:
    """The form with what was typed; beside it, where both differ, what is saved by now."""
    clash = None
    if isinstance(refusal, ChangedMeanwhile):
        saved = _lines(view.fields) if view.has_plan else dict.fromkeys(_lines(fields))
        rows = ((label, saved[label], typed) for label, typed in _lines(fields).items())
        clash = clash_view(view.id, rows, keep_url=keep_url, saved_at=view.saved_at)
    return replace(view, fields=fields, clash=clash, is_unsaved=True)


def _lines(fields: PlanFields) -> dict[str, str | None]:
    acts_on = fields.acts_on.data
    return {
        "If": fields.situation.data,
        "then I will": fields.action.data,
        "Which day?": f"{fields.by_or_from.data} {day(acts_on)}" if acts_on else None,
        "I will tell": TELL_WORDS[Tell(fields.tell.data)] if fields.tell.data in set(Tell) else None,
    }


def _idea_words(idea: PlanIdea) -> str:
    return f"If {idea.situation}, then I will {idea.action}"


def _question(
    course: ReadyCourse,
    block: PlanCheckBlock,
    form: PlanForm,
    plan: Plan | None,
    check: PlanCheck | None,
    action_url: str,
    write_url: str,
) -> PlanQuestion:
    tips: Mapping[str, str] = {one.id: one.tip for one in form.obstacles}
    tip = tips.get(check.obstacle or "") if check and check.going is Going.NOT_YET else None
    return PlanQuestion(
        id=block.key,
        words=plan_words_of(plan) if plan else None,
        answers=_ANSWERS,
        obstacles=tuple((one.id, one.text) for one in form.obstacles),
        going=check.going.value if check else None,
        obstacle=check.obstacle if check else None,
        tip=course.inline(tip) if tip else None,
        action_url=action_url,
        write_url=write_url,
        seen=marks_of_check(check),
    )


def form_in_words(course: ReadyCourse, form: PlanForm) -> PlanForm:
    """The form in the words of the person’s authority. Tips stay as they are: they are Markdown."""
    return form.model_copy(
        update={
            "title": course.words(form.title),
            "ideas": tuple(
                group.model_copy(
                    update={
                        "role": course.words(group.role),
                        "ideas": tuple(
                            PlanIdea(situation=course.words(one.situation), action=course.words(one.action))
                            for one in group.ideas
                        ),
                    }
                )
                for group in form.ideas
            ),
            "checks": tuple(course.words(check) for check in form.checks),
        }
    )
