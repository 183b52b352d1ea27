"""What English HR systems call things: iTrent, Oracle, SAP, ESR, ResourceLink, and lists kept by hand."""

import re

from kernel.typed import folded
from people.feed.mapping.uses import ColumnUse
from people.jobs.absences import AbsenceKind
from people.jobs.terms import EmploymentKind

# Each heading in the form of ``plain_heading``. The first that fits wins, so the surer word stands first.
HEADINGS: dict[ColumnUse, str] = {
    ColumnUse.PAYROLL_NUMBER: (
        "payroll no; payroll ref; payroll reference; pay no; pay ref; payroll id; assignment no; assignment id;"
        " assignment ref; assignment reference; post holder no; emp no; empno; emp id; emp ref; emp reference;"
        " emp code;"
        " employment no; employment ref; staff no; staff id; works no; pernr; personnel no; personnel id; pers no;"
        " worker id; job no; job ref; contract no; contract ref; appointment no; appointment ref; assignment; no;"
        " emp xref; xref; res no; resource no; resource id"
    ),
    ColumnUse.PERSON_NUMBER: (
        "person no; person id; person ref; person reference; personal ref; personal no; person id external;"
        " central person id; universal id; unique id; individual id; party id; emp unique id"
    ),
    ColumnUse.FULL_NAME: (
        "full name; name; emp name; employee; staff name; display name; person name; worker name; emp; formatted name;"
        " known name; complete name; name of emp; post holder; staff member; ename; resource name"
    ),
    ColumnUse.GIVEN_NAME: (
        "forename; forenames; first name; first names; given name; given names; forename s; first forename;"
        " fname; vorna"
    ),
    ColumnUse.FAMILY_NAME: "surname; last name; family name; lname; nachn",
    ColumnUse.CALLED: (
        "known as; preferred name; preferred first name; preferred forename; known as name; called;"
        " name to be called by"
    ),
    ColumnUse.EMAIL: (
        "email; email address; e mail; e mail address; work email; work email address; work e mail; office email;"
        " business email; corporate email; internet e mail; smtp; mail"
    ),
    ColumnUse.WORK_MOBILE: (
        "work mobile; work mobile number; work mobile no; work mobile phone; mobile; mobile number; mobile no;"
        " mobile phone; mobile tel; mobile telephone; company mobile; business mobile; office mobile; work cell;"
        " cell phone; mob; mob no"
    ),
    ColumnUse.BORN_ON: "date of birth; dob; birth date; birthdate; d o b; born; born on; date birth; gbdat; birthday",
    ColumnUse.UNIT: (
        "unit; org path; organisation path; organisational path; organisation; org unit;"
        " organisational unit; structure; full structure; unit path; location in structure;"
        " reporting unit;"
        " organisation unit; department path; orgeh; org unit text; cost centre"
    ),
    ColumnUse.DIRECTORATE: (
        "directorate; directorate name; division; group; org level 2; organisation level 1; level 1; unit level 1;"
        " org unit level 1; structure level 1"
    ),
    ColumnUse.SERVICE: (
        "service; service area; service name; department; department name; business unit; org level 3; section;"
        " organisation level 2; level 2; unit level 2; org unit level 2; structure level 2"
    ),
    ColumnUse.TEAM: (
        "team; team name; sub section; work group; org level 4; organisation level 3; level 3; sub team; unit level 3;"
        " org unit level 3; structure level 3"
    ),
    ColumnUse.JOB_TITLE: (
        "job title; position title; post title; title of post; job; position; position name; job name; role;"
        " post; stell;"
        " occupation; job role"
    ),
    ColumnUse.GRADE: (
        "grade; grade name; pay grade; salary grade; pay band; band; payscale; pay scale; trfgr; afc band; grade step;"
        " ps group"
    ),
    ColumnUse.KIND: (
        "emp category; emp type; emp group; person type; user person type; assignment category; worker type;"
        " staff type;"
        " staff group; employment type; employment category; employment status; worker category; persg; kind;"
        " emp subgroup; ee subgroup; ee group; resource type"
    ),
    ColumnUse.HOURS_PER_WEEK: (
        "hours; weekly hours; contract hours; contracted hours; hours per week; hours a week; hrs; hrs per week;"
        " contracted weekly hours; working hours; normal hours; standard hours; wostd; weekly working hours; hours pw;"
        " wk hrs; weekly hrs; normal weekly hours; standard weekly hours; normal hours per week"
    ),
    ColumnUse.FULL_TIME_SHARE: (
        "fte; full time equivalent; wte; whole time equivalent; contracted fte; fte value; fte share"
    ),
    ColumnUse.CONTRACT: (
        "contract type; contract; type of contract; contract status; basis; appointment type; perm temp;"
        " permanent temporary"
    ),
    ColumnUse.SITE: (
        "site; location; work location; place of work; work base; base; location name; workplace; building;"
        " office; work site;"
        " normal place of work; location description"
    ),
    ColumnUse.MANAGER: (
        "manager no; line manager no; manager payroll no; line manager payroll no; manager emp no; manager id;"
        " line manager id;"
        " supervisor no; supervisor emp no; supervisor id; reports to; reports to no; manager assignment no;"
        " supervisor assignment no; manager personnel no; manager ref; reporting manager no; manager staff no;"
        " line manager emp no; line manager staff no; mgr no; payroll no of manager; line manager ref; manager pernr;"
        " line manager person no; manager person no; manager person id; line manager emp ref; manager emp ref;"
        " manager emp xref; manager xref; manager res no; manager resource no; pers no of superior; superior pers no;"
        " superior; reports to payroll ref; reports to payroll no; reports to emp no; reports to emp ref"
    ),
    ColumnUse.IS_MAIN: (
        "main job; main; primary; primary flag; primary assignment; primary job; main post; is main;"
        " primary assignment flag;"
        " main assignment; primary post; main position"
    ),
    # Not "position start date" and the like: these are the days of a promotion or a move, long after the first one.
    ColumnUse.STARTS_ON: (
        "start date; job start date; assignment start date; date started; hire date; latest hire date;"
        " commencement date; employment start date; date joined; joined; start; begda;"
        " contract start date;"
        " date of joining; original start date; continuous service date; first day;"
        " entry; entry date; date from"
    ),
    ColumnUse.ENDS_ON: (
        "end date; leaving date; leave date; leaver date; date left; termination date; actual termination date;"
        " job end date;"
        " post end date; assignment end date; employment end date; contract end date;"
        " projected termination date; end; endda;"
        " expected end date; last day; position end date; date of leaving;"
        " projected end date; date to"
    ),
    ColumnUse.AWAY_FROM: (
        "absence start date; absence start; absence from; leave from; leave start date; long leave from; away from;"
        " absence date start; mat leave start; maternity start date; career break start; absence begin date"
    ),
    ColumnUse.AWAY_UNTIL: (
        "absence end date; absence end; absence until; absence to; leave to; leave until; leave end date;"
        " long leave until;"
        " away until; absence date end; mat leave end; maternity end date; return date; expected return date"
    ),
    ColumnUse.AWAY_KIND: (
        "absence type; leave type; absence category; absence kind; absence reason; long leave type; away kind"
    ),
    ColumnUse.EFFECTIVE_ON: (
        "effective date; effective start date; date effective; effective from; change date; date of change;"
        " as of; valid from;"
        " effdt; effective"
    ),
}
_SAME = {
    "number": "no",
    "num": "no",
    "nr": "no",
    "nbr": "no",
    "#": "no",
    "employee": "emp",
    "employees": "emp",
    "assig": "assignment",
    "asg": "assignment",
    "asgn": "assignment",
    "dept": "department",
    "reference": "ref",
    "identifier": "id",
    "code": "",
    "desc": "",
    "description": "",
    "descr": "",
    "text": "",
    "the": "",
    "employee's": "emp",
    "managers": "manager",
    "manager's": "manager",
    "manager’s": "manager",
    "dt": "date",
    "organizational": "organisational",
    "organization": "organisation",
    "center": "centre",
}
# These are numbers of a person where another column numbers each of their jobs, as in ESR, iTrent and Oracle E-Business
# Suite; where it is the only one, it numbers the job too.
_OF_THE_PERSON_TOO = (
    "emp no; empno; emp id; emp ref; emp code; staff no; staff id; works no; personnel no; personnel id; pers no;"
    " pernr; worker id"
)
# A number for each job of a person, which in some systems only counts them: 1, 2, 3.
_OF_A_JOB = "assignment; assignment no; assignment id; assignment ref; job no; job ref; contract no; contract ref;"
_OF_A_JOB += " appointment no; appointment ref; payroll no; payroll ref; payroll id; pay no; pay ref; emp assignment no"
_WORD = re.compile(r"[^\W_]+(?:['’]s)?|#")
_DESCRIBED = frozenset({"desc", "description", "descr", "text", "name", "title"})
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


def plain_heading(heading: str) -> str:
    """A heading without what differs from system to system: "EMPLOYEE_NUMBER", "Emp. No" and "empNo" are "emp no"."""
    spaced = folded(_HUMP.sub(" ", heading)).replace("e-mail", "email")
    words = (_SAME.get(word, word) for word in _WORD.findall(spaced))
    return " ".join(word for word in words if word)


def is_described(heading: str) -> bool:
    """Whether a heading says that words stand below it, where another one of the same name may hold codes."""
    return not _DESCRIBED.isdisjoint(_WORD.findall(folded(_HUMP.sub(" ", heading))))


def _by_heading() -> dict[str, tuple[ColumnUse, int]]:
    found: dict[str, tuple[ColumnUse, int]] = {}
    for use, listed in HEADINGS.items():
        for rank, one in enumerate(listed.split(";")):
            found.setdefault(plain_heading(one), (use, rank))
    return found


def _plain(listed: str) -> frozenset[str]:
    return frozenset(plain_heading(one) for one in listed.split(";"))


BY_HEADING = _by_heading()
OF_THE_PERSON_TOO, OF_A_JOB = _plain(_OF_THE_PERSON_TOO), _plain(_OF_A_JOB)
_KIND_WORDS = {
    EmploymentKind.EMPLOYEE: (
        "employee; employees; emp; permanent; perm; p; fixed term; fixed term contract; fixed-term; ftc;"
        " temporary; temp; t;"
        " full time; part time; full-time; part-time; ft; pt; f; apprentice; apprenticeship; secondee in; staff;"
        " active employee;"
        " permanent employee; term time; term time only; open ended; regular; full-time regular; part-time regular;"
        " full-time temporary; part-time temporary; full-time permanent; part-time permanent; full-time fixed term;"
        " part-time fixed term; salaried; annualised hours"
    ),
    EmploymentKind.CASUAL: (
        "casual; casual worker; c; zero hours; zero hour; zero-hours; bank; bank staff; relief; sessional;"
        " supply; as and when;"
        " as & when; variable hours"
    ),
    EmploymentKind.AGENCY: (
        "agency; agency worker; agency staff; a; contractor; consultant; interim; contingent worker; contingent;"
        " external;"
        " off payroll; off-payroll; non-employee; non employee; self employed"
    ),
    EmploymentKind.ELECTED_MEMBER: "elected member; elected-member; councillor; cllr; member; elected; elected members",
}
EMPLOYMENT_KINDS = {folded(word): kind for kind, words in _KIND_WORDS.items() for word in words.split(";")}
_AWAY_WORDS = {
    AbsenceKind.LONG_LEAVE: (
        "long-leave; long leave; maternity; maternity leave; paternity; paternity leave; adoption; adoption leave;"
        " shared parental; shared parental leave; parental leave; parental; career break; sabbatical; unpaid leave;"
        " long term sick; long-term sick; long term sickness; lts; suspended; suspension; carer’s leave; carers leave;"
        " neonatal care leave; reserve service"
    ),
    AbsenceKind.SECONDMENT: "secondment; seconded; seconded out; secondment out; secondment external",
}
AWAY_KINDS = {folded(word): kind for kind, words in _AWAY_WORDS.items() for word in words.split(";")}
