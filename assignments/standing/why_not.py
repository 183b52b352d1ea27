"""Why somebody is not among those whom a plan asks: which conditions of its rule decide it."""

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from assignments.audiences.conditions import leaf_condition, look_up
from assignments.audiences.rules import Leaf, holds, leaves_of
from assignments.audiences.words import leaf_in_words, names_in
from assignments.plans import Plan
from people.jobs.employment import Employment
from people.jobs.reading import is_held, main_first
from people.jobs.terms import EmploymentTerms


def why_not_asked(session: Session, plan: Plan, *, person_id: int, on: date) -> str:
    """Which conditions do not hold: those that, were they otherwise, would let the rule hold; or all that fail."""
    leaves = list(dict.fromkeys(leaves_of(plan.rule)))
    known = look_up(session, [plan.rule], organisation_id=plan.organisation_id, on=on)
    rows = session.execute(
        select(*(leaf_condition(leaf, known).label(f"holds_{place}") for place, leaf in enumerate(leaves)))
        .select_from(Employment)
        .join(EmploymentTerms, EmploymentTerms.employment_id == Employment.id)
        .where(
            Employment.person_id == person_id,
            Employment.organisation_id == plan.organisation_id,
            is_held(on),
        )
        .order_by(*main_first())
        .limit(1)
    ).all()
    names = names_in(session, [plan.rule])
    truths = {leaf: bool(value) for leaf, value in zip(leaves, rows[0], strict=True)} if rows else {}
    said = []
    for leaf in _decisive(plan, truths):
        who = "the rule leaves out whoever" if truths[leaf] else "the rule wants somebody who"
        said.append(f"{who} {leaf_in_words(leaf, names)}")
    return "; ".join(said) or f"they are not among “{plan.audience_name}”"


def _decisive(plan: Plan, truths: dict[Leaf, bool]) -> list[Leaf]:
    alone = [leaf for leaf in truths if holds(plan.rule, {**truths, leaf: not truths[leaf]})]
    return alone or [leaf for leaf, value in truths.items() if not value]
