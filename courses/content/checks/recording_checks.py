"""Whether every recording is there, and whether those who cannot hear or see it get what it says all the same."""

from collections.abc import Mapping, Set

from courses.content.format.draft import Draft, RecordingDraft
from courses.content.media.captions import ENDING
from courses.content.media.recordings import is_film, is_recording, is_sound
from courses.content.model.course import MediaFile
from courses.content.source.findings import Findings
from kernel.rounding import rounded_to

LONGEST_AFTER_THE_FILM = 1  # second
_PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


def check_recordings(draft: Draft, findings: Findings) -> Set[str]:
    """Note what is missing from the recordings of a course; gives back the names of the files that they use."""
    for used in draft.recordings():
        if _is_right_file(used, draft, findings):
            _check_alternatives(used, draft, findings)
    uses = [draft_.recording for draft_ in draft.recordings()]
    return {name for one in uses for name in (one.file, one.captions, one.poster, one.described) if name}


def _is_right_file(used: RecordingDraft, draft: Draft, findings: Findings) -> bool:
    place, name = used.at("file"), used.recording.file
    if name not in draft.media_names:
        findings.error(place, draft.file_names.missing("recording", name, _short(name)))
    elif not is_recording(name):
        findings.error(place, f"{_short(name)} is neither sound nor film. Show a picture with ![words](address).")
    elif used.asked_for == "audio" and is_film(name):
        findings.error(place, f"{_short(name)} is a film. Write “::: video” instead.")
    elif used.asked_for == "video" and is_sound(name):
        findings.error(place, f"{_short(name)} is sound. Write “::: audio” instead.")
    else:
        return True
    return False


def _check_alternatives(used: RecordingDraft, draft: Draft, findings: Findings) -> None:
    recording = used.recording
    file = draft.media.get(recording.file)
    _check_named(used, "captions", (ENDING,), "captions, whose name ends in .vtt", draft, findings)
    _check_named(used, "poster", _PICTURES, "a picture", draft, findings)
    _check_named(used, "described", (".mp4", ".webm"), "a film", draft, findings)
    if is_film(recording.file):
        if file is not None and file.has_sound:
            _check_film_with_sound(used, draft.media, findings)
        return
    for key in ("captions", "poster", "only_seen", "described"):
        if key in used.key_places:
            findings.error(used.at(key), f"“{key}” belongs to film. Remove it: the transcript stands for the sound.")


def _check_film_with_sound(used: RecordingDraft, media: Mapping[str, MediaFile], findings: Findings) -> None:
    recording = used.recording
    if not recording.captions:
        findings.error(
            used.place, "This film has sound and no captions. Add “captions: media/….vtt” for those who cannot hear it."
        )
    if "only_seen" not in used.key_places and not recording.described:
        findings.error(
            used.place,
            "What do those miss who only hear this film? Add “only_seen:” and say it, or write “only_seen: nothing”.",
        )
    film, captions = media.get(recording.file), media.get(recording.captions)
    if film is None or captions is None:
        return
    spoken, shown = rounded_to(captions.exact_seconds or 0, 1), rounded_to(film.exact_seconds or 0, 1)
    if spoken > shown + LONGEST_AFTER_THE_FILM:
        findings.warning(
            used.at("captions"),
            f"These captions go on for {spoken} seconds, and the film for {shown}. Check that they belong together.",
        )


def _check_named(
    used: RecordingDraft, key: str, endings: tuple[str, ...], what: str, draft: Draft, findings: Findings
) -> None:
    name = getattr(used.recording, key)
    if not name:
        return
    if not name.lower().endswith(endings):
        findings.error(used.at(key), f"“{key}” must name {what}. {_short(name)} is something else.")
    elif name not in draft.media_names:
        findings.error(used.at(key), draft.file_names.missing("file", name, _short(name)))


def is_picture(name: str) -> bool:
    """True for the name of a picture."""
    return name.lower().endswith(_PICTURES)


def _short(name: str) -> str:
    return name if len(name) <= 60 else f"{name[:57]}…"
