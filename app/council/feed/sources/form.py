"""The form of a source: where the files are, which one is read by which mapping, when, and what follows."""

import re
from typing import Any

from govuk_frontend_wtf.wtforms_widgets import (
    GovCheckboxesInput,
    GovCheckboxInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
    GovTextArea,
    GovTextInput,
)
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, Length, Regexp, ValidationError

from app.platform.current_settings import current_settings
from app.platform.forms import FlaskForm, SelectChoice
from app.platform.hr_sources.folders import why_not_allowed
from app.platform.hr_sources.sealing import seal_key, seal_password
from app.platform.input.requests import number_of
from kernel.columns import length_of
from kernel.errors import RuleBroken
from kernel.typed import composed
from people.feed.mapping.stored import StoredMapping
from people.feed.sources.record import SFTP_PORT, FeedSource, SourceKind
from people.feed.sources.schedule import WEEKDAYS, as_bits, from_bits
from people.feed.sources.setting_up import SealedSecret, SourceSettings

_TIME = re.compile(r"\s*([01]?\d|2[0-3])[:.]([0-5]\d)\s*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_HOST = rf"(?:{_LABEL}\.)*{_LABEL}|[0-9A-Fa-f:]+:[0-9A-Fa-f:.]+"
_LONGEST_SECRET = 20_000
Field = Any


def _needed(words: str, column: Any) -> list[Any]:
    most = length_of(column)
    return [DataRequired(words), Length(max=most, message=f"This must be {most} characters or fewer")]


def _is_pattern(_form: object, field: Field) -> None:
    if "/" in field.data or "\\" in field.data:
        raise ValidationError("Enter the name of the file alone, without a folder")
    if not field.data.strip("*? "):
        raise ValidationError("Enter more of the name than a star, such as staff-*.csv")


def _is_time(_form: object, field: Field) -> None:
    if not _TIME.fullmatch(field.data or ""):
        raise ValidationError("Enter a time of the day, such as 06:30")


def _is_port(_form: object, field: Field) -> None:
    if not 0 < number_of(str(field.data).strip(), 0) < 65_536:
        raise ValidationError("Enter a port from 1 to 65535: servers usually have 22")


def _is_listed(_form: object, field: Field) -> None:
    if field.data not in [choice.value for choice in field.choices]:
        raise ValidationError("Select a mapping of this list")


def _is_allowed_folder(_form: object, field: Field) -> None:
    refusal = why_not_allowed(field.data.strip(), current_settings().feed_folder_list)
    if refusal is not None:
        raise ValidationError(refusal)


class SourceForm(FlaskForm):
    """What every source is asked."""

    name = StringField(
        "Name of this source",
        widget=GovTextInput(),
        validators=_needed("Enter a name, such as iTrent every morning", FeedSource.name),
    )
    pattern = StringField(
        "Name of the file",
        widget=GovTextInput(),
        validators=[*_needed("Enter the name of the file, such as staff-*.csv", FeedSource.pattern), _is_pattern],
    )
    has_marker = BooleanField("The HR system writes a .done file when the file is whole", widget=GovCheckboxInput())
    mapping = SelectField("Mapping", widget=GovSelect(), validate_choice=False, validators=[_is_listed])
    everybody = RadioField(
        "Does the file hold everybody who works for the authority?",
        widget=GovRadioInput(),
        choices=[
            SelectChoice("no", "No, only some: nobody’s job ends because a row is missing"),
            SelectChoice("yes", "Yes: whoever is missing from it has left"),
        ],
        validate_choice=False,
        validators=[AnyOf(["no", "yes"], "Select whether the file holds everybody")],
    )
    weekdays = SelectMultipleField(
        "On which days is it fetched?",
        widget=GovCheckboxesInput(),
        choices=[SelectChoice(str(place), day) for place, day in enumerate(WEEKDAYS)],
    )
    at = StringField("At what time?", widget=GovTextInput(), validators=[_is_time])
    after = RadioField(
        "What follows when nothing stops its plan?",
        widget=GovRadioInput(),
        choices=[
            SelectChoice("waits", "It waits until somebody has looked at the plan"),
            SelectChoice("applies", "It is applied by itself"),
        ],
        validate_choice=False,
        validators=[AnyOf(["waits", "applies"], "Select what follows")],
    )


class FolderForm(SourceForm):
    """A folder beside that."""

    folder = StringField(
        "Folder",
        widget=GovTextInput(),
        validators=[*_needed("Enter the folder, such as /srv/hr-files/sefton", FeedSource.folder), _is_allowed_folder],
    )


class ServerForm(SourceForm):
    """A server beside that. Its secret is never filled in again."""

    host = StringField(
        "Address of the server",
        widget=GovTextInput(),
        validators=[
            *_needed("Enter the address of the server, such as sftp.example.org", FeedSource.host),
            Regexp(
                rf"\s*(?:{_HOST})\s*\Z", message="Enter an address such as sftp.example.org, without sftp:// before it"
            ),
        ],
    )
    port = StringField("Port", widget=GovTextInput(), default=str(SFTP_PORT), validators=[_is_port])
    username = StringField(
        "User name there",
        widget=GovTextInput(),
        validators=_needed("Enter the user name at the server", FeedSource.username),
    )
    secret = PasswordField("Password", widget=GovPasswordInput(), validators=[Length(max=_LONGEST_SECRET)])
    key = TextAreaField(
        "Private key, instead of a password", widget=GovTextArea(), validators=[Length(max=_LONGEST_SECRET)]
    )
    folder = StringField(
        "Folder there",
        widget=GovTextInput(),
        validators=_needed("Enter the folder on the server, such as /out or . for the first one", FeedSource.folder),
    )


def source_form(kind: SourceKind, mappings: list[StoredMapping], source: FeedSource | None = None) -> Any:
    """The form for a kind of source, filled in with one that is there, or with what was sent."""
    form = (FolderForm if kind is SourceKind.FOLDER else ServerForm)(data=_answers(source))
    names = [one.name for one in mappings]
    if source is not None and source.mapping_name not in names:
        names.append(source.mapping_name)
    form.mapping.choices = [SelectChoice(name, name) for name in names]
    return form


def _answers(source: FeedSource | None) -> dict[str, Any]:
    if source is None:
        return {"weekdays": [str(day) for day in range(5)], "at": "06:30", "after": "waits", "port": str(SFTP_PORT)}
    return {
        "name": source.name,
        "pattern": source.pattern,
        "has_marker": source.has_marker,
        "mapping": source.mapping_name,
        "everybody": "yes" if source.holds_everybody else "no",
        "weekdays": [str(day) for day in sorted(from_bits(source.weekdays))],
        "at": source.schedule.at,
        "after": "applies" if source.applies_itself else "waits",
        "folder": source.folder,
        "host": source.host,
        "port": str(source.port),
        "username": source.username,
    }


def settings_from(form: Any, kind: SourceKind) -> SourceSettings:
    """What a valid form says."""
    found = _TIME.fullmatch(form.at.data)
    hour, minute = (int(found[1]), int(found[2])) if found else (0, 0)
    is_server = kind is SourceKind.SFTP
    return SourceSettings(
        name=composed(form.name.data),
        kind=kind,
        folder=form.folder.data.strip(),
        pattern=composed(form.pattern.data),
        mapping_name=form.mapping.data,
        host=form.host.data.strip().casefold() if is_server else "",
        port=int(form.port.data) if is_server else SFTP_PORT,
        username=form.username.data.strip() if is_server else "",
        has_marker=bool(form.has_marker.data),
        holds_everybody=form.everybody.data == "yes",
        weekdays=as_bits(int(day) for day in form.weekdays.data),
        at_minute=hour * 60 + minute,
        applies_itself=form.after.data == "applies",
    )


def secret_from(form: Any, kind: SourceKind, *, is_needed: bool) -> SealedSecret | None:
    """The password or key that was entered. Raises ``RuleBroken`` for both, for none where one is needed, and for a key
    that cannot be used."""
    if kind is SourceKind.FOLDER:
        return None
    password, key = form.secret.data or "", (form.key.data or "").strip()
    if password and key:
        raise RuleBroken("Enter a password or a key, not both", field="secret")
    if key:
        try:
            return seal_key(key)
        except RuleBroken as problem:
            raise RuleBroken(problem.message, field="key") from problem
    if password:
        return seal_password(password)
    if is_needed:
        raise RuleBroken("Enter the password, or a private key below", field="secret")
    return None
