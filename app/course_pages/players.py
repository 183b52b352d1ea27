"""Sound and film with everything that stands for them, as one piece of a page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import get_template_attribute
from markupsafe import Markup

from app.platform.pages.templating import file_size, plural
from courses.content.model.course import MediaFile, Recording


@dataclass(frozen=True)
class PlayerView:
    """A recording for ``components/player.html``. Addresses are empty where there is no such file; ``facts`` says in
    words what pressing play costs: "Film, 1 minute 12 seconds, 2 MB"."""

    title: str
    is_film: bool
    url: str
    content_type: str
    facts: str
    transcript: Markup
    language: str
    width: int | None
    height: int | None
    only_seen: str
    captions_url: str
    poster_url: str
    described_url: str
    described_type: str
    described_facts: str


def player(
    recording: Recording,
    *,
    media: Mapping[str, MediaFile],
    url: Callable[[str], str],
    words: Callable[[str], str],
    transcript: Markup,
    language: str,
) -> Markup:
    """The player with its transcript. ``url`` gives the address of a file, ``words`` fills in the tokens of a text."""
    file = media[recording.file]
    described = media.get(recording.described)
    view = PlayerView(
        title=words(recording.title),
        is_film=file.content_type.startswith("video/"),
        url=url(recording.file),
        content_type=file.content_type,
        facts=facts_of(file),
        transcript=transcript,
        language=language,
        width=file.width,
        height=file.height,
        only_seen=words(recording.only_seen),
        captions_url=url(recording.captions) if recording.captions else "",
        poster_url=url(recording.poster) if recording.poster else "",
        described_url=url(recording.described) if described else "",
        described_type=described.content_type if described else "",
        described_facts=facts_of(described) if described else "",
    )
    render = get_template_attribute("components/player.html", "render_player")
    return Markup(render(view))  # noqa: S704 - the template escapes


def facts_of(file: MediaFile) -> str:
    """What a recording is, how long it plays and how much has to be loaded: "Sound, 40 seconds, 620 KB"."""
    is_film = file.content_type.startswith("video/")
    what = "Sound" if not is_film else "Film" if file.has_sound else "Film without sound"
    return f"{what}, {length_in_words(file.seconds or 0)}, {file_size(file.bytes)}"


def length_in_words(seconds: int) -> str:
    """1 minute 12 seconds; 40 seconds; 2 minutes."""
    minutes, rest = divmod(seconds, 60)
    parts = [plural(minutes, "minute")] if minutes else []
    return " ".join([*parts, plural(rest, "second")] if rest or not minutes else parts)
