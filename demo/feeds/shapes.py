"""How the HR system of each authority writes its list: headings, separator, letters, days, and its own words."""

from collections.abc import Mapping as Lookup
from dataclasses import dataclass, field

from kernel.typed import folded
from people.feed.mapping.days import DateOrder
from people.feed.mapping.mappings import Column, Coverage, Empty, Mapping
from people.feed.mapping.uses import ColumnUse
from people.jobs.terms import EmploymentKind

WORKBOOK = "xlsx"
_CLEARED = frozenset({ColumnUse.AWAY_FROM, ColumnUse.ENDS_ON})
_USUAL_WORDS = {
    EmploymentKind.EMPLOYEE: "Permanent",
    EmploymentKind.CASUAL: "Casual",
    EmploymentKind.AGENCY: "Agency",
    EmploymentKind.ELECTED_MEMBER: "Elected member",
}


@dataclass(frozen=True)
class Shape:
    """One HR system’s way to write a list. ``days`` is for ``strftime``; a workbook holds days as days.

    ``words`` are its words for kinds of workers. ``has_slip`` puts a day into the file that no month has.
    """

    system: str
    headings: Lookup[str, ColumnUse]
    ending: str = "csv"
    encoding: str = "utf-8"
    delimiter: str = ","
    quotes_all: bool = False
    days: str = "%d/%m/%Y"
    order: DateOrder = DateOrder.DAY_FIRST
    unit_separator: str = " / "
    is_family_name_first: bool = False
    yes_no: tuple[str, str] = ("Y", "N")
    words: Lookup[EmploymentKind, str] = field(default_factory=lambda: _USUAL_WORDS)
    holds_everybody: bool = True
    has_slip: bool = False

    @property
    def mapping_name(self) -> str:
        """What the saved mapping is called."""
        return f"{self.system} staff list"

    def mapping(self) -> Mapping:
        """What reads a file of this shape."""
        return Mapping(
            tuple(
                Column(heading, use, Empty.CLEAR if use in _CLEARED else Empty.KEEP, self._values(use))
                for heading, use in self.headings.items()
            ),
            dates=self.order,
            unit_separator=self.unit_separator,
            is_family_name_first=self.is_family_name_first,
            coverage=Coverage(self.holds_everybody),
            source=self.system,
        )

    def _values(self, use: ColumnUse) -> dict[str, str]:
        if use is not ColumnUse.KIND:
            return {}
        return {folded(word): kind.value for kind, word in self.words.items() if word != _USUAL_WORDS[kind]}


SHAPES: Lookup[str, Shape] = {
    "combined-authority": Shape(
        "Oracle Fusion",
        {
            "ASSIGNMENT_NUMBER": ColumnUse.PAYROLL_NUMBER,
            "DISPLAY_NAME": ColumnUse.FULL_NAME,
            "EMAIL_ADDRESS": ColumnUse.EMAIL,
            "DEPARTMENT_PATH": ColumnUse.UNIT,
            "JOB_NAME": ColumnUse.JOB_TITLE,
            "GRADE_NAME": ColumnUse.GRADE,
            "ASSIGNMENT_CATEGORY": ColumnUse.KIND,
            "PRIMARY_FLAG": ColumnUse.IS_MAIN,
            "HIRE_DATE": ColumnUse.STARTS_ON,
            "COST_CENTRE": ColumnUse.UNUSED,
        },
        days="%Y-%m-%d",
        order=DateOrder.YEAR_FIRST,
        unit_separator=" > ",
    ),
    "halton": Shape(
        "iTrent",
        {
            "Payroll reference": ColumnUse.PAYROLL_NUMBER,
            "Surname": ColumnUse.FAMILY_NAME,
            "Forename": ColumnUse.GIVEN_NAME,
            "Work email": ColumnUse.EMAIL,
            "Directorate": ColumnUse.DIRECTORATE,
            "Service": ColumnUse.SERVICE,
            "Team": ColumnUse.TEAM,
            "Position title": ColumnUse.JOB_TITLE,
            "Grade": ColumnUse.GRADE,
            "Employment type": ColumnUse.KIND,
            "Main position": ColumnUse.IS_MAIN,
            "Employment start date": ColumnUse.STARTS_ON,
        },
        ending=WORKBOOK,
        yes_no=("Yes", "No"),
    ),
    "knowsley": Shape(
        "SAP HCM",
        {
            "Personnel No": ColumnUse.PAYROLL_NUMBER,
            "Formatted Name": ColumnUse.FULL_NAME,
            "Org Unit": ColumnUse.UNIT,
            "Position": ColumnUse.JOB_TITLE,
            "PS group": ColumnUse.GRADE,
            "EE group": ColumnUse.KIND,
            "Main job": ColumnUse.IS_MAIN,
            "Entry Date": ColumnUse.STARTS_ON,
            "Absence Start Date": ColumnUse.AWAY_FROM,
            "Absence End Date": ColumnUse.AWAY_UNTIL,
            "E-Mail": ColumnUse.EMAIL,
        },
        encoding="utf-16",
        delimiter="\t",
        days="%d.%m.%Y",
        unit_separator=" > ",
        yes_no=("Yes", "No"),
        words={
            EmploymentKind.EMPLOYEE: "1 Active",
            EmploymentKind.CASUAL: "4 Hourly",
            EmploymentKind.AGENCY: "9 External",
            EmploymentKind.ELECTED_MEMBER: "7 Member",
        },
    ),
    "liverpool": Shape(
        "iTrent",
        {
            "Employee payroll ref": ColumnUse.UNUSED,
            "Payroll number": ColumnUse.PAYROLL_NUMBER,
            "Surname": ColumnUse.FAMILY_NAME,
            "First forename": ColumnUse.GIVEN_NAME,
            "Directorate": ColumnUse.DIRECTORATE,
            "Service": ColumnUse.SERVICE,
            "Team": ColumnUse.TEAM,
            "Job title": ColumnUse.JOB_TITLE,
            "Grade": ColumnUse.GRADE,
            "Employment category": ColumnUse.KIND,
            "Main post": ColumnUse.IS_MAIN,
            "Start date": ColumnUse.STARTS_ON,
            "Email address": ColumnUse.EMAIL,
        },
        encoding="utf-8-sig",
        delimiter=";",
        has_slip=True,
    ),
    "sefton": Shape(
        "ESR",
        {
            "Assignment Number": ColumnUse.PAYROLL_NUMBER,
            "Last Name": ColumnUse.FAMILY_NAME,
            "First Name": ColumnUse.GIVEN_NAME,
            "Organisation": ColumnUse.UNIT,
            "Position Title": ColumnUse.JOB_TITLE,
            "Pay Band": ColumnUse.GRADE,
            "Assignment Category": ColumnUse.KIND,
            "Primary Assignment": ColumnUse.IS_MAIN,
            "Hire Date": ColumnUse.STARTS_ON,
            "Absence Start": ColumnUse.AWAY_FROM,
            "Absence End": ColumnUse.AWAY_UNTIL,
            "Work Email Address": ColumnUse.EMAIL,
        },
        quotes_all=True,
        days="%d-%b-%Y",
        unit_separator="|",
        yes_no=("Yes", "No"),
        words={**_USUAL_WORDS, EmploymentKind.EMPLOYEE: "Substantive", EmploymentKind.CASUAL: "Bank"},
    ),
    "st-helens": Shape(
        "ResourceLink",
        {
            "Employee No": ColumnUse.PAYROLL_NUMBER,
            "Name": ColumnUse.FULL_NAME,
            "Structure": ColumnUse.UNIT,
            "Post": ColumnUse.JOB_TITLE,
            "Pay Grade": ColumnUse.GRADE,
            "Worker Type": ColumnUse.KIND,
            "Primary Post": ColumnUse.IS_MAIN,
            "Date Started": ColumnUse.STARTS_ON,
            "Leaving Date": ColumnUse.ENDS_ON,
            "Email": ColumnUse.EMAIL,
        },
        encoding="cp1252",
        is_family_name_first=True,
        words={**_USUAL_WORDS, EmploymentKind.EMPLOYEE: "P"},
        holds_everybody=False,
    ),
    "wirral": Shape(
        "Oracle E-Business Suite",
        {
            "EMPLOYEE_NUMBER": ColumnUse.PAYROLL_NUMBER,
            "FULL_NAME": ColumnUse.FULL_NAME,
            "DIRECTORATE": ColumnUse.DIRECTORATE,
            "SERVICE": ColumnUse.SERVICE,
            "TEAM": ColumnUse.TEAM,
            "JOB": ColumnUse.JOB_TITLE,
            "GRADE": ColumnUse.GRADE,
            "USER_PERSON_TYPE": ColumnUse.KIND,
            "PRIMARY_FLAG": ColumnUse.IS_MAIN,
            "EFFECTIVE_START": ColumnUse.UNUSED,
            "HIRE_DATE": ColumnUse.STARTS_ON,
            "EMAIL_ADDRESS": ColumnUse.EMAIL,
        },
        delimiter="|",
        days="%m/%d/%Y",
        order=DateOrder.MONTH_FIRST,
        words={
            EmploymentKind.EMPLOYEE: "EMP",
            EmploymentKind.CASUAL: "CAS",
            EmploymentKind.AGENCY: "CWK",
            EmploymentKind.ELECTED_MEMBER: "CLLR",
        },
        has_slip=True,
    ),
}
