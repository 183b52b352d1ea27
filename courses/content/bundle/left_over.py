"""Files of a bundle that nothing reads: often they are meant, and stand in the wrong place or under another name."""

from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath

from courses.content.files.fact_files import FACT_FILE, SHARED_FACT_FILE
from courses.content.files.glossary_files import GLOSSARY_FILE
from courses.content.files.plan_files import PLAN_FILE
from courses.content.files.statement_files import STATEMENT_FILE
from courses.content.source.findings import Findings, Place

_FOLDERS = ("modules", "questions", "quizzes", "media")
_FILES = (FACT_FILE, SHARED_FACT_FILE, GLOSSARY_FILE, STATEMENT_FILE, PLAN_FILE)
_YAML = (".yaml", ".yml")
# Files that authors keep beside a course and that are nobody's business here.
_SET_ASIDE = {"readme", "licence", "license", "changelog", "notes", "makefile"}


def check_left_over(files: Mapping[str, bytes], modules: Sequence[str], findings: Findings) -> None:
    """Note every file that nothing reads. ``modules`` are those that are read."""
    for name in sorted(set(files) - {"course.yaml", *_FILES, *modules}):
        path = PurePosixPath(name)
        if name.startswith("media/") or (name.startswith(("questions/", "quizzes/")) and path.suffix in _YAML):
            continue
        if name.startswith("modules/") and path.suffix == ".md":
            findings.warning(
                Place(name), "course.yaml does not list this module, so nobody will see it. Add or remove it."
            )
        elif path.stem.lower() not in _SET_ASIDE:
            findings.warning(Place(name), _not_read(path))


def _not_read(path: PurePosixPath) -> str:
    folder = path.parts[0]
    if len(path.parts) > 1 and folder not in _FOLDERS and folder.lower() in _FOLDERS:
        return f"This file is not read, because its folder is called {folder}. Call it {folder.lower()}."
    file = next((name for name in _FILES if path.with_suffix(".yaml").name.lower() == name), None)
    if file is not None and path.suffix.lower() in _YAML:
        return f"This file is not read. Call it {file}, and put it beside course.yaml."
    if path.suffix.lower() in _YAML:
        return "This file is not read. Put it in the folder questions or quizzes, or remove it."
    return "This file is not used: it is no module, question file or picture. Remove it."
