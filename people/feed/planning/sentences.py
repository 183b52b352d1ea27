"""A plan in words: what stops it, then what it does, each sentence with its number in front."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from people.feed.planning.brakes import Brake, Stop, is_above
from people.feed.planning.missing import why_ends_wait
from people.feed.planning.plan import Counts, Plan, RoleChange
from people.feed.planning.roles import role_counts, role_stops
from people.feed.planning.state import UnitPath
from people.feed.planning.values import day, in_words
from people.feed.rows import FeedField, ReportLine

NOTHING_YET = "Stopped: nothing has changed yet."
FIELD_WORDS = {
    FeedField.FULL_NAME.value: "name",
    FeedField.CALLED.value: "name to be called by",
    FeedField.EMAIL.value: "e-mail address",
    FeedField.WORK_MOBILE.value: "work mobile number",
    FeedField.BORN_ON.value: "date of birth",
    FeedField.UNIT.value: "unit",
    FeedField.JOB_TITLE.value: "job title",
    FeedField.GRADE.value: "grade",
    FeedField.KIND.value: "kind of job",
    FeedField.HOURS_PER_WEEK.value: "hours",
    FeedField.CONTRACT.value: "contract",
    FeedField.SITE.value: "site",
    FeedField.MANAGER.value: "manager",
    FeedField.IS_MAIN.value: "main job",
    FeedField.STARTS_ON.value: "first day",
    FeedField.ENDS_ON.value: "last day",
    FeedField.AWAY_FROM.value: "long leave",
}
# Of one, and of several; ** surround the words that matter.
_WORDS = {
    "leave": ("job **ends**. Its record is kept.", "jobs **end**. Their records are kept."),
    "withdrawn": (
        "job that was to begin **never does**. A file before named it, and this one does not.",
        "jobs that were to begin **never do**. A file before named them, and this one does not.",
    ),
    "join": ("person **joins**.", "people **join**."),
    "return": (
        "person **comes back**. What they finished is still there.",
        "people **come back**. What they finished is still there.",
    ),
    "move": (
        "person **moves** to another unit. What they finished goes with them.",
        "people **move** to another unit. What they finished goes with them.",
    ),
    "rename": ("person gets **a new name**.", "people get **a new name**."),
    "change": ("job **changes** in other ways.", "jobs **change** in other ways."),
    "unchanged": ("job **stays as it is**.", "jobs **stay as they are**."),
    "new-unit": ("unit is **new**.", "units are **new**."),
    "moved-email": (
        "e-mail address would go **to somebody else** than now.",
        "e-mail addresses would go **to somebody else** than now.",
    ),
    "shared-email": (
        "person would get **an e-mail address with others** of this file.",
        "people would get **an e-mail address with others** of this file, which nobody has had so far.",
    ),
    "bad-mobile": (
        "row has **no mobile number** where one is expected. It is left out, and the number that is here stays.",
        "rows have **no mobile number** where one is expected. It is left out, and the numbers that are here stay.",
    ),
    "swapped": (
        "row gives a person **the payroll number of another**, and that one theirs.",
        "rows give people **each other’s payroll numbers**.",
    ),
    "new-number": (
        "person seems to have **a new payroll number**. What they finished would stay with the old one.",
        "people seem to have **a new payroll number**. What they finished would stay with the old ones.",
    ),
    "unknown-manager": (
        "row names **a manager** who is not here. The manager stays as it is.",
        "rows name **a manager** who is not here. The manager stays as it is.",
    ),
    "former-name": (
        "row names a unit **by its former name**. It means the unit of today.",
        "rows name units **by a former name**. They mean the units of today.",
    ),
    "kept": (
        "job **goes on** although no usable row names it: a row that cannot be used may mean it.",
        "jobs **go on** although no usable row names them: rows that cannot be used may mean them.",
    ),
    "coming-name": (
        "row names a unit **by its name to come**. It means the unit of today.",
        "rows name units **by a name to come**. They mean the units of today.",
    ),
    "early-unit": (
        "row names a unit **that begins later**. Whoever works here stays where they are until a file names it then.",
        "rows name units **that begin later**. Whoever works here stays where they are until a file names them then.",
    ),
    "later-first-day": (
        "row has **a later first day** than the job. What changes holds from that day; the first day of the job stays.",
        "rows have **a later first day** than the job. What changes holds from that day; the first day of the job"
        " stays.",
    ),
    "short-year": (
        "row writes **years with two figures**.",
        "rows write **years with two figures**.",
    ),
    "report-line": (
        "line **looks like a total** or the end of the report: left out.",
        "lines **look like totals** or the end of the report: left out.",
    ),
    "unusable": ("row **cannot be used**, and changes nothing.", "rows **cannot be used**, and change nothing."),
}


_HOW_SHORT_YEARS = (
    "A date of birth is never read as one to come or of a child, a first day not as more than 2 years ahead, and a last"
    " day not as more than 25."
)


@dataclass(frozen=True)
class PlanSentence:
    """One thing that a file does. ``about`` names what it speaks of, ``note`` says more."""

    about: str
    count: int
    words: str
    note: str = ""

    @property
    def plain(self) -> str:
        """All of it as one line."""
        note = f" {self.note}" if self.note else ""
        return f"{self.count:,} {self.words.replace('**', '')}{note}"


def sentences_of(plan: Plan) -> tuple[PlanSentence, ...]:
    """What a plan does, in the order in which a person would ask; what it does not do is left out."""
    done = plan.counts
    counted: dict[str, tuple[int, str]] = {
        "leave": (done.leaves - done.withdrawn, ""),
        "withdrawn": (done.withdrawn, ""),
        "join": (done.joins, ""),
        "return": (done.returns, ""),
        "move": (done.moves, _where_to(done)),
        "rename": (done.renames, ""),
        "change": (done.others, _which(done)),
        "unchanged": (plan.unchanged, ""),
        "new-unit": (len(plan.new_units), _listed([in_words(one) for one in plan.new_units]) + "."),
        "moved-email": (len(plan.moved_emails), ""),
        "shared-email": (plan.shared_emails, ""),
        "swapped": (plan.swapped, ""),
        "new-number": (len(plan.new_numbers), ""),
        "unknown-manager": (plan.unknown_managers, ""),
        "former-name": (sum(count for _, count, _ in plan.former_names), _called_now(plan.former_names)),
        "coming-name": (sum(count for _, count, _ in plan.coming_names), _called_now(plan.coming_names)),
        "early-unit": (sum(count for _, count, _ in plan.early_units), _beginning(plan)),
        "kept": (len(plan.missing.kept), ""),
        "later-first-day": (plan.later_first_days, ""),
        "short-year": (plan.short_years, _HOW_SHORT_YEARS if plan.short_years else ""),
        "bad-mobile": (plan.bad_mobiles, ""),
        "unusable": (len(plan.unusable), ""),
        "report-line": (len(plan.report_lines), _as_they_stand(plan.report_lines)),
    }
    said = [
        PlanSentence(about, count, _WORDS[about][count != 1], note)
        for about, (count, note) in counted.items()
        if count or about == "unchanged"
    ]
    return (*(PlanSentence(*one) for one in role_counts(plan.role_changes)), *said)


def stop_sentences(plan: Plan, stops: Sequence[Stop], for_roles: Sequence[RoleChange] = ()) -> tuple[str, ...]:
    """Why a plan is stopped, the gravest reason first; nothing when it is not. ``for_roles`` are what stops it of what
    it does to people with a role."""
    said = [
        *role_stops(for_roles),
        *_stop_sentences(plan, stops),
        *_lost_rows(plan.report_lines),
        *why_ends_wait(plan.missing),
    ]
    return (f"{NOTHING_YET} {said[0]}", *said[1:]) if said else ()


_STOPPED = {
    Brake.LEAVERS: "The file would end {n} of the {jobs} jobs in {where}.",
    Brake.CHANGED_KEYS: "{n} payroll numbers would change hands, of the {jobs} jobs in {where}.",
    Brake.MOVED_EMAILS: "{n} e-mail addresses would go to somebody else or to several people, of the {jobs} jobs in "
    "{where}.",
    Brake.JOINERS: "The file would add {n} to the {jobs} jobs in {where}. It may be the file of another authority.",
    Brake.MOVES: "The file would move {n} of the {jobs} jobs in {where} to another unit.",
}


def _stop_sentences(plan: Plan, stops: Sequence[Stop]) -> Iterator[str]:
    for stop in stops:
        said = _STOPPED[stop.brake].format(n=f"{stop.count:,}", jobs=f"{stop.jobs:,}", where=plan.authority)
        if not is_above(stop.count, jobs=stop.jobs, limit=stop.limit):
            yield f"{plan.swapped:,} rows give people each other’s payroll numbers. A second person must decide."
            continue
        share = f"That is {stop.percent} in 100; above {stop.limit} in 100 a second person must decide."
        yield f"{said} {share}"
    lost = sum(count for _, count in plan.lost_units)
    if lost and any(stop.brake is Brake.LEAVERS for stop in stops):
        where = _listed([in_words(unit) for unit, _ in plan.lost_units], most=2)
        yield f"{lost:,} of them work in {where}, which no row names. It looks as if a part of the file is missing."


def _lost_rows(lines: Sequence[ReportLine]) -> Iterator[str]:
    """Why a file stops that has fewer rows than its end says."""
    for line in lines:
        if line.stated and line.stated > line.read:
            yield (
                f"The end of the file says “{line.words}”, which is more than the number of rows that were read:"
                f" {line.read:,}. It looks as if a part of the file is missing. A second person must decide."
            )


def _as_they_stand(lines: Sequence[ReportLine]) -> str:
    """What stands in the last lines of a report, and whether the number that they state is that of the rows."""
    rest = len(lines) - 3
    listed = "; ".join(f"row {line.row_number:,}: “{line.words}”" for line in lines[-3:])
    said = [f"{listed[:1].upper()}{listed[1:]}" + (f"; and {rest:,} more above." if rest > 0 else ".")]
    for line in (one for one in lines if one.stated):
        word = "which fits" if line.stated == line.read else "which does not fit"
        said.append(f"{line.read:,} rows were read, {word}.")
    return " ".join(said)


def summary_of(plan: Plan) -> str:
    """All of it in one line: Adds 42 people, moves 310, ends 1,900 jobs."""
    whole = plan.counts
    counts = (
        ("adds", whole.joins, ("person", "people")),
        ("brings back", whole.returns, ("person", "people")),
        ("moves", whole.moves, ("person", "people")),
        ("changes", whole.changes, ("job", "jobs")),
        ("ends", whole.leaves - whole.withdrawn, ("job", "jobs")),
        ("withdraws", whole.withdrawn, ("job to come", "jobs to come")),
    )
    done = [f"{verb} {count:,} {words[count != 1]}" for verb, count, words in counts if count]
    words = ", ".join(done) or "changes nothing"
    return f"{words[0].upper()}{words[1:]}."


def _where_to(done: Counts) -> str:
    """The directorates to which most go."""
    return "; ".join(f"{count:,} to {where}" for where, count in Counter(done.targets).most_common(3)) + "."


def _called_now(names: Sequence[tuple[UnitPath, int, UnitPath]]) -> str:
    """What the first units are called now that rows call by another name."""
    return _first_three([f"“{in_words(other)}” is now “{in_words(now)}”" for other, _, now in names])


def _beginning(plan: Plan) -> str:
    """When the first units begin that rows name too early."""
    return _first_three([f"“{in_words(unit)}” begins on {day(begins)}" for unit, _, begins in plan.early_units])


def _first_three(said: Sequence[str]) -> str:
    rest = len(said) - 3
    return ", ".join(said[:3]) + (f" and {rest:,} more" if rest > 0 else "") + "."


def _which(done: Counts) -> str:
    """What changes, and for how many."""
    ordered = sorted(done.fields.items(), key=lambda one: (-one[1], one[0]))
    return f"{', '.join(f'{FIELD_WORDS[name]} {count:,}' for name, count in ordered)}.".capitalize()


def _listed(words: Sequence[str], most: int = 3) -> str:
    shown, rest = [f"“{one}”" for one in words[:most]], len(words) - most
    return ", ".join(shown) + (f" and {rest:,} more" if rest > 0 else "")
