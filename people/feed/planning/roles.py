"""People with a role whom a file would call otherwise, give another e-mail address, or leave without a job.

Whoever reads the mail of an account can set its password, so an address is changed only by those who may help with it.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from people.feed.planning.plan import Act, PlanItem, RoleChange, RoleEffect
from people.feed.planning.state import StateNow

# Of one, and of several.
_ROLES: Mapping[str, tuple[str, str]] = {
    "admin": ("admin", "admins"),
    "author": ("author", "authors"),
    "hr-lead": ("HR lead", "HR leads"),
    "manager": ("manager", "managers"),
}
_WORDS: Mapping[RoleEffect, tuple[str, str]] = {
    RoleEffect.EMAIL: (
        "person with a role gets **another e-mail address**. Links for a new password go there.",
        "people with a role get **another e-mail address**. Links for a new password go there.",
    ),
    RoleEffect.NAME: (
        "person with a role gets **another name**.",
        "people with a role get **another name**.",
    ),
}
_STOPPED = {
    RoleEffect.EMAIL: "The file would change the e-mail address of {who}. An admin must agree to it.",
    RoleEffect.NAME: "The file would change the name of {who}. An admin must agree to it.",
    RoleEffect.LEAVE: "The file would end the last job of {who}, and with it their access. An admin must agree to it, "
    "or, if an admin brought the file, a second person.",
}


def role_changes(items: Sequence[PlanItem], state: StateNow, on: date) -> tuple[RoleChange, ...]:
    """What a file does to people with a role, in the order of its items; of each person everything once."""
    found: dict[tuple[int, RoleEffect], RoleChange] = {}
    if not state.roles:
        return ()
    staying = _staying(items, state, on)
    for place, item in enumerate(items, start=1):
        job = state.jobs.get(item.payroll_number)
        here = state.roles.get(job.person_id) if job else None
        if job is None or here is None:
            continue
        for effect in _effects(item):
            is_left_out = (
                here.keeps_access or job.person_id in staying if effect is RoleEffect.LEAVE else not here.is_for_admins
            )
            if not is_left_out:
                change = RoleChange(effect, here.role, place, here.is_for_admins)
                found.setdefault((job.person_id, effect), change)
    return tuple(found.values())


def stopping(changes: Sequence[RoleChange], *, is_brought_by_admin: bool) -> tuple[RoleChange, ...]:
    """Those of these changes that somebody has to agree to. Managers come and go, and HR leads look after them."""
    return tuple(
        one for one in changes if one.is_for_admins and (one.effect is RoleEffect.LEAVE or not is_brought_by_admin)
    )


def role_counts(changes: Sequence[RoleChange]) -> Iterator[tuple[str, int, str]]:
    """What the sentences about these changes are called, of how many they speak, and their words."""
    first = {change.about: change for change in changes}
    counts = Counter(change.about for change in changes)
    for about in sorted(first):
        change, count = first[about], counts[about]
        if change.effect is RoleEffect.LEAVE:
            name, verb = _ROLES[change.role][count != 1], "loses" if count == 1 else "lose"
            yield about, count, f"{name} **{verb} access**, because their last job here ends."
        else:
            yield about, count, _WORDS[change.effect][count != 1]


def role_stops(changes: Sequence[RoleChange]) -> Iterator[str]:
    """Why these changes stop a file, in sentences."""
    for effect, sentence in _STOPPED.items():
        roles = Counter(change.role for change in changes if change.effect is effect)
        if roles:
            who = " and ".join(f"{count:,} {_ROLES[role][count != 1]}" for role, count in sorted(roles.items()))
            yield sentence.format(who=who)


def _effects(item: PlanItem) -> Iterator[RoleEffect]:
    if "email" in item.person:
        yield RoleEffect.EMAIL
    if item.person.keys() - {"email", "work_mobile", "born_on"}:
        yield RoleEffect.NAME
    if item.act is Act.LEAVE:
        yield RoleEffect.LEAVE


def _staying(items: Sequence[PlanItem], state: StateNow, on: date) -> set[int]:
    """Those with a role who have a job after the file too, though one of theirs ends."""
    theirs = {number: job for number, job in state.jobs.items() if job.person_id in state.roles}
    for item in items:
        if item.act is Act.LEAVE:
            theirs.pop(item.payroll_number, None)
    staying = {job.person_id for job in theirs.values() if job.is_held(on) or job.is_to_come(on)}
    for item in items:
        if item.act in (Act.JOIN, Act.RETURN):
            jobs = (state.jobs.get(one) for one in (item.payroll_number, item.same_person_as) if one is not None)
            staying.update(job.person_id for job in jobs if job is not None)
    return staying & state.roles.keys()
