"""The OpenAPI document of the read API. A test holds each answer to it."""

from typing import Any

from flask import Response, jsonify

from app.platform.access import public
from reports.figures.definition import By
from reports.listing.wanted import LearningState

Schema = dict[str, Any]
WORDS: Schema = {"type": "string"}
DAY: Schema = {"type": "string", "format": "date"}
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer"}
HIDDEN: Schema = {"type": ["integer", "null"], "description": "null where it is not shown, to protect a small group"}
NO_DAY: Schema = {"type": ["string", "null"], "format": "date"}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


DEFINITION = {"authority": WORDS, "course": WORDS, "on": DAY, "part": WORDS, "measure": WORDS}
FIGURES = {
    "definition": _object(**DEFINITION, by={"enum": [one.value for one in By]}),
    "authority": WORDS,
    "course": WORDS,
    "course_version": NUMBER,
    "on": DAY,
    "rounded_to": NUMBER,
    "smallest_shown": NUMBER,
    "groups": _list(_named("Group")),
    "left_out": _list(_object(why=WORDS, people=HIDDEN)),
}
PUBLISHED = {
    "number": WORDS,
    "definition": FIGURES["definition"],
    "is_public": {"type": "boolean"},
    "published_at": MOMENT,
}
SCHEMAS: dict[str, Schema] = {
    "Group": _object(
        level=WORDS,
        name=WORDS,
        path=_list(WORDS),
        unit_id={"type": ["integer", "null"]},
        on=DAY,
        people=HIDDEN,
        complete=HIDDEN,
        in_progress=HIDDEN,
        complete_percent=HIDDEN,
    ),
    "Figures": _object(**FIGURES, as_at=MOMENT),
    "FiguresAsPublished": _object(**FIGURES),
    "PublishedInShort": _object(**PUBLISHED),
    "Published": _object(**PUBLISHED, figures=_named("FiguresAsPublished")),
    "PublishedList": _object(published=_list(_named("PublishedInShort"))),
    "Courses": _object(
        courses=_list(
            _object(slug=WORDS, title=WORDS, version={"type": ["integer", "null"]}, is_asked={"type": "boolean"})
        )
    ),
    "Units": _object(
        on=DAY,
        units=_list(_object(id=NUMBER, name=WORDS, path=WORDS, kind=WORDS, parent_id={"type": ["integer", "null"]})),
    ),
    "People": _object(
        on=DAY,
        found=NUMBER,
        page=NUMBER,
        pages=NUMBER,
        people=_list(
            _object(
                name=WORDS,
                payroll_number=WORDS,
                unit=WORDS,
                state={"enum": [one.value for one in LearningState]},
                due_on=NO_DAY,
                is_late={"type": "boolean"},
                finished_on=NO_DAY,
            )
        ),
    ),
    "Problem": {
        "type": "object",
        "properties": {"type": WORDS, "title": WORDS, "status": NUMBER, "detail": WORDS, "parameter": WORDS},
        "required": ["type", "title", "status", "detail"],
    },
}
PARAMETERS: dict[str, tuple[str, Schema]] = {
    "course": ("The part of a course’s address, or a programme; what is asked for first, if left out", WORDS),
    "on": ("A day: 2027-03-31; today, if left out. Days that are over are rounded", DAY),
    "by": ("By what people are told apart: one thing", {"enum": [one.value for one in By]}),
    "unit": ("The number of a unit, with everything below it", NUMBER),
    "grade": ("One grade alone", WORDS),
    "contract": ("One contract alone", WORDS),
    "route": ("One route alone", WORDS),
    "state": ("How far people are", {"enum": [one.value for one in LearningState]}),
    "page": ("From 1 on", {"type": "integer", "minimum": 1}),
}
ADDRESSES: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("figures", "Figures", "How far people are, with small groups hidden", tuple(PARAMETERS)[:7]),
    ("published", "PublishedList", "What was published, the newest first", ()),
    ("published/{figure_number}", "Published", "A published figure: the same for ever", ()),
    ("courses", "Courses", "Courses and programmes, and which are asked for", ()),
    ("units", "Units", "The units of a day, parents first", ("on",)),
    ("people", "People", "Rows of people: for tokens that were made for it", ("course", "state", "page")),
)
# What may stand in the address of each view, by its first word.
PARAMETERS_OF = {address.partition("/")[0]: names for address, _, _, names in ADDRESSES}
REFUSALS = {
    "401": "No token, or one that does not hold",
    "403": "The token may not read rows of people",
    "404": "Nothing here for this token",
    "422": "Something asked for cannot be answered; “parameter” says what",
    "429": "Too many requests: Retry-After says for how many seconds to wait",
}


@public
def document() -> Response:
    """The document, for anybody: it holds no data."""
    return jsonify(
        openapi="3.1.0",
        info={
            "title": "Common Ground: read API",
            "version": "1",
            "description": "Figures of one authority, under a token that an HR lead or an administrator of it made.",
        },
        security=[{"token": []}],
        paths={
            f"/api/v1/authorities/{{slug}}/{address}": {"get": _operation(address, schema, words, names)}
            for address, schema, words, names in ADDRESSES
        },
        components={
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    )


def _operation(address: str, schema: str, words: str, names: tuple[str, ...]) -> Schema:
    places = ["slug", *(["figure_number"] if "figure_number" in address else [])]
    in_path = [{"name": one, "in": "path", "required": True, "schema": WORDS} for one in places]
    asked = [
        {"name": one, "in": "query", "description": PARAMETERS[one][0], "schema": PARAMETERS[one][1]} for one in names
    ]
    refused = {
        status: {"description": said, "content": {"application/problem+json": {"schema": _named("Problem")}}}
        for status, said in REFUSALS.items()
    }
    answered = {"description": words, "content": {"application/json": {"schema": _named(schema)}}}
    return {
        "summary": words,
        "operationId": schema,
        "parameters": [*in_path, *asked],
        "responses": {"200": answered, **refused},
    }
