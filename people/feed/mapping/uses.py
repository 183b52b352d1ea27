"""What a column can be used for. Several columns may make one field: given and family name, directorate and team."""

from enum import StrEnum

from people.feed.rows import FeedField


class ColumnUse(StrEnum):
    """What a column says of a job, or that nobody reads it."""

    UNUSED = "unused"
    PAYROLL_NUMBER = "payroll-number"
    PERSON_NUMBER = "person-number"
    FULL_NAME = "full-name"
    GIVEN_NAME = "given-name"
    FAMILY_NAME = "family-name"
    CALLED = "called"
    EMAIL = "email"
    WORK_MOBILE = "work-mobile"
    BORN_ON = "born-on"
    UNIT = "unit"
    DIRECTORATE = "directorate"
    SERVICE = "service"
    TEAM = "team"
    JOB_TITLE = "job-title"
    GRADE = "grade"
    KIND = "kind"
    HOURS_PER_WEEK = "hours-per-week"
    FULL_TIME_SHARE = "full-time-share"
    CONTRACT = "contract"
    SITE = "site"
    MANAGER = "manager"
    IS_MAIN = "is-main"
    STARTS_ON = "starts-on"
    ENDS_ON = "ends-on"
    AWAY_FROM = "away-from"
    AWAY_UNTIL = "away-until"
    AWAY_KIND = "away-kind"
    EFFECTIVE_ON = "effective-on"

    @property
    def field(self) -> FeedField | None:
        """The field that the column helps to fill; ``None`` for one that nobody reads."""
        return _FIELDS.get(self)

    @property
    def words(self) -> str:
        """How a page calls it."""
        return WORDS[self]


_SHARED = {
    ColumnUse.GIVEN_NAME: FeedField.FULL_NAME,
    ColumnUse.FAMILY_NAME: FeedField.FULL_NAME,
    ColumnUse.DIRECTORATE: FeedField.UNIT,
    ColumnUse.SERVICE: FeedField.UNIT,
    ColumnUse.TEAM: FeedField.UNIT,
    ColumnUse.FULL_TIME_SHARE: FeedField.HOURS_PER_WEEK,
}
_FIELDS: dict[ColumnUse, FeedField] = {
    use: _SHARED.get(use) or FeedField(use.value) for use in ColumnUse if use is not ColumnUse.UNUSED
}
WORDS = {
    ColumnUse.UNUSED: "Not used",
    ColumnUse.PAYROLL_NUMBER: "Payroll number of the job",
    ColumnUse.PERSON_NUMBER: "Number of the person, over all jobs",
    ColumnUse.FULL_NAME: "Full name",
    ColumnUse.GIVEN_NAME: "Given names",
    ColumnUse.FAMILY_NAME: "Family name",
    ColumnUse.CALLED: "Name to be called by",
    ColumnUse.EMAIL: "E-mail address",
    ColumnUse.WORK_MOBILE: "Work mobile number",
    ColumnUse.BORN_ON: "Date of birth",
    ColumnUse.UNIT: "Unit, from the top down",
    ColumnUse.DIRECTORATE: "Directorate",
    ColumnUse.SERVICE: "Service",
    ColumnUse.TEAM: "Team",
    ColumnUse.JOB_TITLE: "Job title",
    ColumnUse.GRADE: "Grade",
    ColumnUse.KIND: "Employee, casual, agency or elected member",
    ColumnUse.HOURS_PER_WEEK: "Hours a week",
    ColumnUse.FULL_TIME_SHARE: "Share of full time (FTE)",
    ColumnUse.CONTRACT: "Contract",
    ColumnUse.SITE: "Place of work",
    ColumnUse.MANAGER: "Payroll number of the manager",
    ColumnUse.IS_MAIN: "Whether it is the main job",
    ColumnUse.STARTS_ON: "First day of the job",
    ColumnUse.ENDS_ON: "Last day of the job",
    ColumnUse.AWAY_FROM: "First day of long leave",
    ColumnUse.AWAY_UNTIL: "Last day of long leave",
    ColumnUse.AWAY_KIND: "Long leave or secondment",
    ColumnUse.EFFECTIVE_ON: "Day from which the row holds",
}
LEVELS = (ColumnUse.DIRECTORATE, ColumnUse.SERVICE, ColumnUse.TEAM)
NEEDED = (FeedField.PAYROLL_NUMBER, FeedField.FULL_NAME, FeedField.UNIT)
FIELD_WORDS = {field: ColumnUse(field.value).words for field in FeedField}
