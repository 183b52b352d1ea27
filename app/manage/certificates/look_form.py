"""The form for an authority's look: from what is stored to fields, and from what was typed to a branding."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from flask_wtf.file import FileField
from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxInput,
    GovFileInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import BooleanField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField

from app.platform.forms import FlaskForm, SelectChoice
from app.platform.work import unit_of_work
from certificates.document.pictures import PictureRefused, logo_from, signature_from
from certificates.looks.brand_rules import COLOUR_LABELS, LANGUAGES, WORDING_LABELS, problems_of, tidy_colour
from certificates.looks.branding import MOST_SIGNATORIES, Branding, Colours, Design, Signatory, Wording
from certificates.looks.branding_versions import find_picture, keep_picture
from certificates.looks.designs import DESIGN_WORDS
from kernel.database import JsonObject

COLOUR = "colour_"  # the page itself has an element called "main"
PLACES = range(1, MOST_SIGNATORIES + 1)
COLOUR_HINTS = {
    "main": "For the title and the large shapes. Words need a contrast of 4.5 to 1 with white",
    "second": "For shapes only",
    "accent": "For small shapes only",
}
WORDING_HINTS = {
    "title": "For example: Certificate of completion",
    "certifies": "For example: This certifies that",
    "completed": "For example: completed, for “of Sefton Council completed”",
    "statement": "Under the facts. Leave it empty if you need none",
}


def _wording_fields(prefix: str) -> dict[str, object]:
    return {
        prefix + name: (TextAreaField if name == "statement" else StringField)(
            label,
            widget=GovTextArea() if name == "statement" else GovTextInput(),
            description="" if prefix else WORDING_HINTS[name],
        )
        for name, label in WORDING_LABELS.items()
    }


def _signatory_fields(place: int) -> dict[str, object]:
    return {
        f"name_{place}": StringField("Name", widget=GovTextInput()),
        f"job_title_{place}": StringField("Job title", widget=GovTextInput()),
        f"signature_{place}": FileField(
            "Signature",
            widget=GovFileInput(),
            description="If you like: a picture of dark ink on white",
        ),
        f"kept_signature_{place}": HiddenField(),
        f"drop_signature_{place}": BooleanField("Remove the signature", widget=GovCheckboxInput()),
    }


_fields: dict[str, object] = {
    "seen": HiddenField(),
    "design": RadioField(
        "Design",
        widget=GovRadioInput(),
        choices=[SelectChoice(design.value, DESIGN_WORDS[design][0]) for design in Design],
        validate_choice=False,
    ),
    **{
        COLOUR + name: StringField(label, widget=GovTextInput(), description=COLOUR_HINTS[name])
        for name, label in COLOUR_LABELS.items()
    },
    "logo": FileField(
        "Logo",
        widget=GovFileInput(),
        description="A PNG, JPEG or WebP picture of up to 5 MB. It is printed on white",
    ),
    "kept_logo": HiddenField(),
    "drop_logo": BooleanField("Remove the logo", widget=GovCheckboxInput()),
    **_wording_fields(""),
    "second_language": SelectField(
        "Second language",
        widget=GovSelect(),
        choices=[SelectChoice("", "None"), *(SelectChoice(tag, name) for tag, name in LANGUAGES)],
        description="Its words stand beside the English ones",
        validate_choice=False,
    ),
    **_wording_fields("second_"),
}
for _place in PLACES:
    _fields.update(_signatory_fields(_place))
LookForm: type[FlaskForm] = type("LookForm", (FlaskForm,), _fields)


@dataclass(frozen=True)
class Typed:
    """What was typed: a draft, with safe values where a field holds none, and what is wrong by field."""

    branding: Branding
    problems: Mapping[str, str]


def data_of(document: JsonObject | None) -> dict[str, object]:
    """The fields for a stored look; the safe defaults for none."""
    if document is None:
        default = Branding()
        return {"design": default.design.value, **_colour_data(asdict(default.colours)), **asdict(default.wording)}
    second = document["second_wording"] or {}
    data = {
        "design": document["design"],
        **_colour_data(document["colours"]),
        **document["wording"],
        "kept_logo": document["logo"] or "",
        "second_language": document["second_language"] or "",
        **{f"second_{name}": text for name, text in second.items()},
    }
    for place, one in enumerate(document["signatories"], start=1):
        data[f"name_{place}"], data[f"job_title_{place}"] = one["name"], one["title"]
        data[f"kept_signature_{place}"] = one["signature"] or ""
    return data


def differences(form: FlaskForm, document: JsonObject | None) -> list[tuple[str, str, str]]:
    """Each field as (label, stored, typed), in words; those that are equal are for the reader to leave out."""
    stored = data_of(document)
    return [
        (_label(name, field), _words(name, stored.get(name)), _words(name, field.data))
        for name, field in ((field.name, field) for field in form)
        if name not in {"seen", "csrf_token"} and not isinstance(field, FileField | BooleanField)
    ]


def _label(name: str, field: Field) -> str:
    place = name[-1] if name[-1].isdigit() else ""
    label = {"kept_logo": "Logo"}.get(name, "Signature" if name.startswith("kept_") else str(field.label.text))
    if name.startswith("second_") and name != "second_language":
        return f"{label}, second language"
    return f"{label}, person {place}" if place else label


def _words(name: str, value: object) -> str:
    """A picture is stored by its hash: its first letters tell one from another."""
    if name == "design":
        return DESIGN_WORDS[Design(str(value))][0] if value in set(Design) else ""
    return f"Picture {str(value)[:6]}" if name.startswith("kept_") and value else str(value or "")


def _colour_data(colours: Mapping[str, str]) -> dict[str, object]:
    return {COLOUR + name: colour for name, colour in colours.items()}


def read(form: FlaskForm) -> Typed:
    """The draft in the form. Its pictures are kept, so that the next request need not bring them again."""
    problems: dict[str, str] = {}
    design = form["design"].data if form["design"].data in set(Design) else None
    if design is None:
        problems["design"] = "Select a design"
    rows = [place for place in PLACES if _is_used(form, place)]
    second = _wording(form, "second_")
    branding = Branding(
        design=Design(design or Design.WEAVE),
        colours=Colours(**{name: tidy_colour(form[COLOUR + name].data or "") for name in COLOUR_LABELS}),
        wording=_wording(form, ""),
        second_language=form["second_language"].data or None,
        # A language without words is asked for its words.
        second_wording=second if second != Wording("", "", "", "") or form["second_language"].data else None,
        signatories=tuple(
            Signatory(
                _clean(form[f"name_{place}"].data),
                _clean(form[f"job_title_{place}"].data),
                _picture(form, f"signature_{place}", signature_from, problems),
            )
            for place in rows
        ),
        logo=_picture(form, "logo", logo_from, problems),
    )
    broken = dict(_placed(name, message, rows) for name, message in problems_of(branding).items())
    return Typed(branding, {**broken, **problems})


def _placed(name: str, message: str, rows: list[int]) -> tuple[str, str]:
    """The field that a rule is about. Rules count the people who sign; the form may have an empty row between them."""
    if name in COLOUR_LABELS:
        return COLOUR + name, message
    stem, _, place = name.rpartition("_")
    if not place.isdigit():
        return name, message
    row = rows[int(place) - 1]
    return f"{stem}_{row}", message.replace(f"person {place}", f"person {row}")


def _is_used(form: FlaskForm, place: int) -> bool:
    names = (f"name_{place}", f"job_title_{place}")
    has_picture = bool(form[f"kept_signature_{place}"].data) and not form[f"drop_signature_{place}"].data
    return has_picture or bool(form[f"signature_{place}"].data) or any(_clean(form[name].data) for name in names)


def _wording(form: FlaskForm, prefix: str) -> Wording:
    return Wording(**{name: _clean(form[prefix + name].data) for name in WORDING_LABELS})


def _clean(text: str | None) -> str:
    return " ".join((text or "").replace("\0", "").split())


def _picture(form: FlaskForm, name: str, make: Callable[[bytes], bytes], problems: dict[str, str]) -> bytes | None:
    """The uploaded picture, or the one kept before, or none when it is to be removed."""
    kept = form["kept_" + name]
    upload = form[name].data
    if upload and upload.filename:
        try:
            made = make(upload.stream.read())
        except PictureRefused as refusal:
            label = "Logo" if name == "logo" else f"Signature of person {name[-1]}"
            problems[name] = f"{label} {refusal}"
        else:
            with unit_of_work() as work:
                kept.data = keep_picture(work.session, made)
            form["drop_" + name].data = False
            return made
    if form["drop_" + name].data:
        kept.data = ""
        return None
    with unit_of_work() as work:
        found = find_picture(work.session, sha256=kept.data)
    kept.data = kept.data if found else ""
    return found
