"""Who may lean on whom. Imports inside functions count."""

import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from itertools import chain
from pathlib import Path

import pytest

from tests.architecture.source import (
    DOMAIN,
    PRODUCT,
    ROOT,
    Import,
    calls,
    files,
    imports,
    module_name,
    relative,
)

OURS = frozenset({*PRODUCT, "config", "wsgi", "tools", "bench", "tests", "migrations"})
MAY_IMPORT = {
    "kernel": set(),
    "people": {"kernel"},
    "messages": {"kernel", "people"},
    "courses": {"kernel", "people", "messages"},
    "assignments": {"kernel", "people", "messages", "courses"},
    "typesetting": {"kernel"},
    "certificates": {"kernel", "people", "messages", "courses", "typesetting"},
    "reports": {"kernel", "people", "messages", "courses", "assignments", "certificates", "typesetting"},
    "privacy": {"kernel", "people", "messages", "courses", "assignments", "certificates", "reports"},
    "demo": {*DOMAIN},
    "app": {*DOMAIN, "config"},
    "config.py": {"kernel"},
    "wsgi.py": {"app", "config", "kernel"},
    "tools": set(),
}
# The order inside a room: each may import what stands in an earlier group, and nothing beside it in its own. A row
# that lower parts read stands by itself, as "part.module", before the part that says how it is used.
INSIDE = {
    "people": "organisations password_leaves password_rules persons sessions unsent_forms / accounts jobs names"
    " / actors counting roles / manual_setup reorganisation row_downloads visibility / api_tokens directory job_care"
    " / password_resets / account_care / merging ways_in / feed",
    "people/merging": "records / moving duplicates / merging",
    "people/feed": "reading rows / mapping planning / runs / sources",
    "messages": "choices ledger"
    " / bounces / by_text.numbers / by_text.record / ways / sending / by_text"
    " / address_changes hr_files invitations new_cards password_links templates unreached",
    "courses": "marking / content / catalogue / records teams / acceptance / analysis history taking"
    " / quizzes reflection / amending corrections",
    "courses/content": "model source / format html media / text_rules / files / checks / bundle export / comparing",
    "assignments": "due audiences / periods programmes / requirements / exemptions plans requests.record"
    " requirement_changes / completed in_the_record plan_words targets valid_on / standing"
    " / asked checking ends previewing previewing_steps requests / reminders / for_many rota / wording_previews",
    "assignments/for_many": "record / previewing telling / decided_words doing / taking_back / listing working_off",
    "assignments/standing": "jobs_that_fit why_not / people_asked / finished further happened / explaining",
    "certificates": "looks / document / signing / record / badges drawing making zips"
    " / changes file_care pdf verification / batches",
    "reports": "card_sheet groups pdf session_pack / chart figures suppression / comments completion kept listing"
    " person_learning ratings team / target / earlier_days / freshness month_ends / answers paper"
    " / csv_export rating_chart / corrections enquiries items / evidence schedules",
    "reports/evidence": "actions exempt policy / collecting / document packs",
    "reports/schedules": "periods / record / making telling",
    "reports/enquiries": "record / drafting",
    "reports/listing": "order / wanted / dates / looking / people_states / people_rows",
    "reports/target": "pace / finished_lately gap / branches standing",
    "reports/paper": "parts record sentences / notes / board",
    "reports/kept": "code watching / record / keeping",
    "reports/month_ends": "checking due",
    "reports/answers": "answering plain / over_months published / replaying",
    "reports/figures": "definition population unit_tree / late routes / counting",
    "reports/freshness": "counting / versions / figures / plain table",
    "privacy": "register / held / erasing / leaving retention",
    "app": "wiring / platform / certificate_pages course_pages"
    " / api auth council doctor jobs learn manage managing people public requirements teams / cli",
    "app/learn": "certificates courses place / own_words paper quizzes / screens",
    "app/council": "api_tokens certificates exports feed figures / enquiries history papers people structure ways_in",
    "app/manage": "bundles certificates comparing platform publishing requirements",
}
PURE_KERNEL = ("kernel.errors", "kernel.plugs", "kernel.rounding", "kernel.typed")
WEB = {
    "flask",
    "wtforms",
    "werkzeug",
    "jinja2",
    "rq",
    "redis",
    "markupsafe",
    "itsdangerous",
    "govuk_frontend_wtf",
}
DOCUMENTS = "certificates/document/documents.py"
WEASYPRINT_PLACES = ("certificates/drawing/", "typesetting/", "reports/pdf.py")
CLOCK = {"datetime.now", "datetime.utcnow", "date.today", "datetime.today", "time.time", "time.time_ns"}
COMMIT = {"kernel/unit_of_work.py"}


def all_imports(*places: str) -> list[Import]:
    return list(chain.from_iterable(imports(path) for path in files(*places)))


def is_web(package: str) -> bool:
    return package in WEB or package.startswith("flask_")


@pytest.mark.parametrize("place", MAY_IMPORT)
def test_a_room_imports_only_from_rooms_to_its_right(place: str) -> None:
    allowed = {*MAY_IMPORT[place], place}
    breaches = [str(i) for i in all_imports(place) if i.package in OURS and i.package not in allowed]
    assert breaches == []


def parts_of(room: str) -> dict[str, int]:
    """Each part of a room with the group that it stands in, from 0."""
    groups = INSIDE[room].split("/")
    return {name: height for height, group in enumerate(groups) for name in group.split()}


@pytest.mark.parametrize("room", INSIDE)
def test_the_order_inside_a_room_names_every_part(room: str) -> None:
    stand_there = {path.stem if path.is_file() else path.name for path in (ROOT / room).iterdir() if is_part(path)}
    assert {name for name in parts_of(room) if "." not in name} == stand_there


def part_of(path: list[str], heights: dict[str, int]) -> str:
    """The module where the order names it, and else the folder or module at the top of the room."""
    module = ".".join(path[:2])
    return module if module in heights else path[0]


def is_part(path: Path) -> bool:
    return (path / "__init__.py").is_file() or (path.suffix == ".py" and path.name != "__init__.py")


@pytest.mark.parametrize("room", INSIDE)
def test_inside_a_room_arrows_run_one_way_too(room: str) -> None:
    heights, start = parts_of(room), room.replace("/", ".") + "."
    breaches = []
    for found in all_imports(room):
        here = part_of(found.file.removeprefix(f"{room}/").removesuffix(".py").split("/"), heights)
        there = part_of(found.name.removeprefix(start).split("."), heights)
        if here not in heights or there not in heights or not found.name.startswith(start) or here == there:
            continue
        if heights[there] >= heights[here]:
            breaches.append(str(found))
    assert breaches == []


@pytest.mark.parametrize("place", DOMAIN)
def test_only_the_application_knows_the_web(place: str) -> None:
    breaches = [
        str(i) for i in all_imports(place) if is_web(i.package) and not (i.package == "jinja2" and i.file == DOCUMENTS)
    ]
    assert breaches == []


def test_settings_know_nothing_of_the_web() -> None:
    assert [str(i) for i in all_imports("config.py") if is_web(i.package)] == []


@pytest.mark.parametrize("place", ["courses/content", "courses/marking"])
def test_content_and_marking_know_no_database(place: str) -> None:
    allowed = ("courses.content", "courses.marking", *PURE_KERNEL)
    breaches = [
        str(i)
        for i in all_imports(place)
        if i.package == "sqlalchemy" or (i.package in OURS and not i.name.startswith(allowed))
    ]
    assert breaches == []


@pytest.mark.parametrize("module", PURE_KERNEL)
def test_what_content_and_marking_take_from_the_kernel_is_pure_too(module: str) -> None:
    own = all_imports(module.replace(".", "/") + ".py")
    assert [str(i) for i in own if i.package == "sqlalchemy" or i.package in OURS] == []


def test_weasyprint_is_known_to_the_makers_of_documents_alone() -> None:
    breaches = [
        str(i) for i in all_imports(*PRODUCT) if i.package == "weasyprint" and not i.file.startswith(WEASYPRINT_PLACES)
    ]
    assert breaches == []


def test_the_fast_way_of_drawing_stands_behind_one_function() -> None:
    found = {(i.file, i.name) for i in all_imports(*PRODUCT) if i.name.startswith("certificates.drawing.reuse")}
    outside = {(file, name) for file, name in found if not file.startswith("certificates/drawing/reuse/")}
    assert outside == {("certificates/pdf.py", "certificates.drawing.reuse.draw_or_fill_in")}


def test_pdfs_are_signed_in_one_place() -> None:
    found = {i.file for i in all_imports(*PRODUCT) if i.package in ("pyhanko", "pyhanko_certvalidator", "pkcs11")}
    assert {file.rpartition("/")[0] for file in found} == {"certificates/signing"}


def test_badges_are_signed_in_one_place() -> None:
    found = {i.file for i in all_imports(*PRODUCT) if i.package in ("openbadgeslib", "jwt")}
    assert found == {"certificates/badges/signing.py"}


def test_jobs_are_rung_for_by_name_and_only_workers_import_them() -> None:
    breaches = [
        str(i)
        for i in all_imports("app", "wsgi.py")
        if i.name.startswith("app.jobs") and not i.file.startswith("app/jobs/")
    ]
    assert breaches == []


def test_a_web_process_loads_neither_what_makes_documents_nor_what_few_pages_need(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("web")
    environment = {
        "COMMON_GROUND_ENV": "test",
        "COMMON_GROUND_SECRET_KEY": "x" * 40,
        "COMMON_GROUND_DATABASE_URL": f"sqlite:///{folder}/web.db",
        "COMMON_GROUND_REDIS_URL": "redis://127.0.0.1:1",
        "COMMON_GROUND_STORAGE_URL": str(folder),
        "COMMON_GROUND_PUBLIC_URL": "http://localhost",
        "PATH": "",
    }
    program = (
        "import sys, wsgi\n"
        "wsgi.app.test_client().get('/sign-in')\n"
        "heavy = ('weasyprint', 'pydyf', 'fontTools', 'openbadgeslib', 'pyld', 'pyhanko', 'pkcs11', 'tools', 'tests')\n"
        "later = ('zxcvbn', 'holidays', 'openpyxl', 'notifications_python_client', 'icalendar')\n"
        "print([name for name in (*heavy, *later) if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split("\n")[0] == "[]"


def test_nothing_imports_in_a_ring() -> None:
    paths = {module_name(path): path for path in files(*PRODUCT, "config.py", "wsgi.py")}
    graph = {name: _modules_used(name, paths) for name in paths}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as ring:
        pytest.fail("A ring of imports: " + " -> ".join(ring.args[1]))


def _modules_used(name: str, paths: dict) -> set[str]:
    used: set[str] = set()
    for found in imports(paths[name]):
        if found.name in paths:  # a module
            used.add(found.name)
        elif found.name.rpartition(".")[0] in paths:  # a name in a module
            used.add(found.name.rpartition(".")[0])
    return used - {name}


def test_only_the_kernel_reads_the_clock() -> None:
    breaches = [
        f"{relative(path)}:{line} calls {name}"
        for path in files(*PRODUCT, "config.py", "wsgi.py")
        for line, name in calls(path)
        if name in CLOCK and relative(path) != "kernel/clock.py"
    ]
    assert breaches == []


def test_only_the_unit_of_work_commits() -> None:
    breaches = [
        f"{relative(path)}:{line} calls {name}"
        for path in files(*PRODUCT, "wsgi.py")
        for line, name in calls(path)
        if name.endswith(".commit") and relative(path) not in COMMIT
    ]
    assert breaches == []
