"""``course.yaml`` and the top of each module as an author writes them, and the types that every file shares."""

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

COURSE_ID = r"^[A-Z][A-Z0-9]{0,7}$"
LONGEST_SLUG = 60  # the column has room for more
LONGEST_PART_ID = 40  # what the columns hold in which answers and reflections keep it
PART_ID = r"^[A-Z][A-Z0-9]{0,7}(-[A-Z0-9]{1,12}){1,4}$"
STATEMENT_ID = r"^[A-Z][A-Z0-9]{0,11}$"
FACT_ID = r"^[A-Z][A-Z0-9]{0,7}-F(-[A-Z0-9]{1,12}){1,3}$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
LOCAL_NAME = r"^[a-z][a-z0-9_]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"

# Pages for authors stand beside those of the courses, so no course can have their addresses.
RESERVED_SLUGS = frozenset({"example", "format", "upload"})

ABOUT = ("law", "policy", "behaviour", "fact", "reflection")


def tidied(value: Any) -> Any:
    """A text without the spaces around it."""
    return value.strip() if isinstance(value, str) else value


def _yes_or_no(value: Any) -> Any:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if isinstance(value, str) and value.lower() in words:
        return words[value.lower()]
    raise ValueError("must be true or false")


def _not_empty(value: Any) -> Any:
    if value is None:
        raise ValueError("has no value")
    return value


def is_part_id(text: str) -> bool:
    """Whether a text can be the id of a part of a course, such as RE-M1-Q1."""
    return len(text) <= LONGEST_PART_ID and re.match(PART_ID, text) is not None


def _not_reserved(slug: str) -> str:
    if slug in RESERVED_SLUGS:
        raise ValueError(f"cannot be {slug}, because a page for authors has this address. Choose another")
    return slug


def _figure(value: Any) -> Any:
    # Decimal itself would read 1e999999, which nobody could print.
    if isinstance(value, str) and re.fullmatch(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?", value):
        return Decimal(value)
    raise ValueError("must be a number in figures, such as 12 or 12.5, without a unit, spaces or commas")


# An editor that knows YAML reads 1919 as a number and Yes as a truth value; both are good texts here.
_TEXT_SCHEMA = WithJsonSchema({"type": ["string", "number", "boolean"]})

Text = Annotated[str, BeforeValidator(tidied), Field(min_length=1, max_length=10_000), _TEXT_SCHEMA]
AnyText = Annotated[str, BeforeValidator(tidied), Field(max_length=10_000), _TEXT_SCHEMA]
Line = Annotated[str, BeforeValidator(tidied), Field(min_length=1, max_length=200), _TEXT_SCHEMA]
Figure = Annotated[Decimal, BeforeValidator(_figure), WithJsonSchema({"type": ["number", "string"]})]
Flag = Annotated[bool, BeforeValidator(_yes_or_no)]
CourseId = Annotated[str, Field(pattern=COURSE_ID)]
PartId = Annotated[str, Field(pattern=PART_ID, max_length=LONGEST_PART_ID)]
FactId = Annotated[str, Field(pattern=FACT_ID)]
Slug = Annotated[str, Field(pattern=SLUG, max_length=LONGEST_SLUG)]
CourseSlug = Annotated[Slug, AfterValidator(_not_reserved)]
Minutes = Annotated[int, Field(ge=1, le=600)]
ValidMonths = Annotated[int, Field(ge=1, le=120)]


class Authored(BaseModel):
    """A mapping in an authored file. Unknown keys are refused, because they are nearly always misspelt."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class AuthoredToken(Authored):
    """Local text of this course."""

    default: AnyText | None = Field(
        None,
        description="What everybody reads. May be empty (“”). A token with sets has none: its default set is read.",
    )
    authorities: dict[str, AnyText] = Field(
        default_factory=dict,
        description="What the staff of an authority read instead, by the authority’s short name.",
    )
    sets: dict[str, Text] = Field(
        default_factory=dict, description="What goes with each example set, by its id. All sets of the course, or none."
    )


class AuthoredExamples(Authored):
    """One example set: a kind of work, whose names and places the stories can have."""

    id: Slug = Field(description="Small letters, digits and hyphens, such as care. It never changes.")
    name: Line = Field(description="What learners read in the list of sets, such as Care and social work. Plain text.")
    default: Flag = Field(False, description="True for the one set of those who have not picked any.")


class AuthoredFollows(Authored):
    """The course that comes before this one."""

    course: Slug = Field(description="Its slug: its part of its web address.")
    weeks: Annotated[int, Field(ge=0, le=104)] = Field(
        description="How many weeks after completing that course a person can start this one. 0 means at once."
    )


class CourseFile(Authored):
    """course.yaml: the course itself."""

    format: Literal["1"] = Field(
        description="The version of this format: 1.", json_schema_extra={"const": 1, "type": "integer"}
    )
    id: CourseId = Field(description="Capital letters and digits, such as RE. Every other id begins with it.")
    slug: CourseSlug = Field(description="The course’s part of its web address: small letters, digits and hyphens.")
    title: Line = Field(description="The name of the course. Plain text.")
    summary: Annotated[Text, Field(max_length=1_000)] = Field(
        description="One or two sentences about what the learner gets from it. Plain text."
    )
    language: Annotated[str, Field(pattern=LANGUAGE)] = Field("en-GB", description="The language tag, such as en-GB.")
    minutes: Minutes = Field(description="How long the whole course takes.")
    pass_percent: Annotated[int, Field(ge=0, le=100)] = Field(
        80,
        description="The share of scored questions that must be right, at any try, before the course is "
        "complete. 0 means that answering is enough.",
    )
    order: Literal["in-order", "any-order"] = Field(
        "in-order", description="Whether the modules open one after another or all at once."
    )
    follows: Annotated[AuthoredFollows | None, BeforeValidator(_not_empty)] = Field(
        None,
        description="For a follow-up: the course that a person completes first. Left out, the course is open at once.",
    )
    certificate: Flag = Field(True, description="Whether completing the course earns a certificate.")
    valid_for_months: Annotated[ValidMonths | None, BeforeValidator(_not_empty)] = Field(
        None, description="How many months a certificate is valid, from 1 to 120. Left out, it does not expire."
    )
    outcomes: Annotated[tuple[Line, ...], Field(min_length=1, max_length=20)] = Field(
        description="What a learner can do at the end. Plain text."
    )
    examples: Annotated[tuple[AuthoredExamples, ...], Field(max_length=12)] = Field(
        (), description="The example sets from which learners pick one. May be left out."
    )
    tokens: dict[str, AuthoredToken] = Field(
        default_factory=dict, description="The course’s own tokens, and its own values for standard ones."
    )
    modules: Annotated[tuple[Line, ...], Field(min_length=1, max_length=60)] = Field(
        description="The module files in the order in which they are taken, such as modules/01-why.md."
    )


class ModuleFront(Authored):
    """The front matter of a module file, between two lines of three hyphens."""

    id: PartId = Field(description="Begins with the course id, such as RE-M1.")
    slug: Slug = Field(description="The module’s part of its web address.")
    title: Line = Field(description="The name of the module. Plain text.")
    minutes: Minutes = Field(description="How long the module takes.")
    outcomes: Annotated[tuple[Line, ...], Field(max_length=20)] = Field(
        (), description="What a learner can do after it. Plain text."
    )
    know: AnyText = Field("", description="One thing to know. Plain text.")
    notice: AnyText = Field("", description="One thing to notice. Plain text.")
    do: AnyText = Field("", description="One thing to do. Plain text.")


class AuthoredRecording(Authored):
    """Sound or film, with what stands for it."""

    file: Line = Field(description="The recording, such as media/meeting.mp4.")
    title: Line = Field(description="What it is, in a few words. Plain text.")
    transcript: Text = Field(description="Everything that is said, and by whom, and what matters besides. Markdown.")
    captions: AnyText = Field(
        "", description="The captions, such as media/meeting.vtt. Film with sound must have them."
    )
    poster: AnyText = Field("", description="A picture that stands there until the film plays.")
    only_seen: AnyText = Field(
        "", description="What the film shows and nobody says, or “nothing”. Plain text, read before the film."
    )
    described: AnyText = Field("", description="The same film with a voice that says what is seen.")


Recorded = Annotated[AuthoredRecording | None, BeforeValidator(_not_empty)]
