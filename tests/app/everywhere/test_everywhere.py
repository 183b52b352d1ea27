"""Whatever stands in an address, an argument or a field, no page fails: found by walking, as each role."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import Connection, event, func, select
from werkzeug.routing import Rule

from app.platform.extensions import db, limiter
from tests.app.everywhere.hostile import (
    LIKELY_IN_ARGUMENTS,
    in_addresses,
    in_all_fields,
    in_arguments,
    in_one_field,
    names_read,
)
from tests.app.everywhere.site import NOBODY, ROLES, FoundForm, WholeSite, build_site
from tests.app.everywhere.walking import Walker, address_with, module_of, not_shown, sent

HEADERS = {
    "Range": ("bytes=9999999999999999999999-", "bytes=-0", "bytes=a-b", "pages=1-2"),
    "If-Modified-Since": ("Thu, 31 Dec 99999 23:59:59 GMT", "yesterday"),
    "If-None-Match": ('W/"', "\x00", "*"),
    "If-Range": ("Thu, 01 Jan 1970 00:00:00 GMT", '"'),
    "Accept": ("text/html;q=\x00", "*/*;q=1e999", "/"),
    "Accept-Encoding": ("gzip;q=nan", ","),
    "User-Agent": ("\x00", "x" * 20_000, ""),
    "Cookie": ("common-ground=\x00", "common-ground=e30.e30.e30", "=;=;="),
    "Content-Type": (
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "application/json",
        "\x00",
        "text/plain; charset=\xff",
    ),
    "X-Forwarded-For": ("\x00", "::::", "999.1.1.1"),
}
A_FILE = (b"no picture", "a\x00b.pdf")
PARTS = range(3)
BEHIND_THE_SCENES = (
    "manage",
    "people",
    "council",
    "teams",
)  # audiences whose pages an admin opens; a learner opens the others


@pytest.fixture(scope="module")
def site(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WholeSite]:
    """The site with all that can happen on it. What the walk changes is undone at once, and all of it at the end."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("common-ground-files", "common-ground-mail"):
            patch.setitem(app.extensions, name, app.extensions[name])
        patch.setitem(app.config, "SETTINGS", app.config["SETTINGS"])
        patch.setitem(app.config, "WTF_CSRF_ENABLED", True)
        patch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        patch.setattr(limiter, "enabled", False)
        with app.app_context():
            engine = db.engine
        with engine.connect() as held:
            whole = held.begin()
            db.session.session_factory.configure(bind=held, join_transaction_mode="create_savepoint")
            yield build_site(app, held, tmp_path_factory.mktemp("everywhere"))
            db.session.session_factory.configure(bind=None, join_transaction_mode="conditional_savepoint")
            whole.rollback()


@pytest.fixture
def walk(site: WholeSite) -> Iterator[Callable[[str], Walker]]:
    """Walkers, whose faults are told at the end, all at once."""
    walkers: list[Walker] = []

    def start(role: str) -> Walker:
        walkers.append(Walker(site, role))
        site.app.logger.addHandler(walkers[-1])
        return walkers[-1]

    yield start
    for walker in walkers:
        site.app.logger.removeHandler(walker)
    faults = [fault for walker in walkers for fault in walker.faults]
    assert not faults, "\n".join(faults)


def rules_of(site: WholeSite, part: int = 0, parts: int = 1) -> list[Rule]:
    """The rules of the site, or an equal part of them."""
    return sorted(site.app.url_map.iter_rules(), key=lambda rule: rule.rule)[part::parts]


def is_at_home(role: str, rule: Rule) -> bool:
    """Whether this is the role that opens most pages of an audience: it tries everything there."""
    return role == ("admin" if rule.endpoint.partition(".")[0] in BEHIND_THE_SCENES else "learner")


def forms_of(site: WholeSite, role: str) -> list[FoundForm]:
    """The forms that a role finds, but for those that every learner has too."""
    if role not in site.forms:
        found = Walker(site, role).forms()
        common = {form.key for form in forms_of(site, "learner")} if role not in {NOBODY, "learner"} else set()
        site.forms[role] = [form for form in found if form.key not in common]
    return site.forms[role]


def values_for(walker: Walker, rule: Rule, values: Mapping[str, str]) -> Mapping[str, str]:
    """All of these values; the first alone where the role is refused whatever it sends, before anything is read."""
    if is_at_home(walker.role, rule):
        return values
    answer = walker.ask(methods_of(rule)[0], walker.site.address(rule), "nothing strange")
    is_refused = answer is not None and (
        answer.status_code in {403, 404, 405} or "/sign-in" in answer.headers.get("Location", "")
    )
    return dict(list(values.items())[:1]) if is_refused else values


@contextmanager
def writing(connection: Connection) -> Iterator[list[str]]:
    """The statements that add or remove rows, while it is open; they may have been taken back by then."""
    seen: list[str] = []

    def listener(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "DELETE")):
            seen.append(statement)

    event.listen(connection, "before_cursor_execute", listener)
    yield seen
    event.remove(connection, "before_cursor_execute", listener)


def token(form: FoundForm) -> dict[str, str]:
    """What lets a form through to its page."""
    return {name: value for name, value in form.fields.items() if name == "csrf_token"}


def methods_of(rule: Rule) -> list[str]:
    return sorted({"GET", "POST"} & (rule.methods or set()))


def test_an_address_whose_argument_nobody_has_named_is_noticed(site: WholeSite) -> None:
    new = Rule("/colours/<colour>", endpoint="learn.colour")
    with pytest.raises(AssertionError, match=r"/colours/<colour> is new: say in .* what its “colour” may be"):
        site.argument(new, "colour")


# Open in the one browser that has just accepted an invitation; tests/app/auth takes that way.
ONLY_AFTER_ANOTHER_PAGE = {"auth.first_password"}
# Open to programs with a token, and to whoever holds the right to rows: tests/app/api, tests/app/council/exports.
WITH_MORE_THAN_A_ROLE = {
    "api.courses", "api.figures", "api.nothing_here", "api.people", "api.published", "api.published_figure",
    "api.units", "council.export_file",
}  # fmt: skip


def test_every_address_leads_somewhere_for_somebody(site: WholeSite, walk: Callable[[str], Walker]) -> None:
    walkers = [walk(role) for role in ROLES if role != NOBODY]
    nowhere = []
    for rule in rules_of(site):
        if "GET" in (rule.methods or ()) and rule.endpoint not in ONLY_AFTER_ANOTHER_PAGE | WITH_MORE_THAN_A_ROLE:
            answers = [walker.ask("GET", site.address(rule), "nothing strange") for walker in walkers]
            if not any(answer and answer.status_code < 400 for answer in answers):
                nowhere.append(f"{rule.endpoint} {[answer and answer.status_code for answer in answers]}")
    assert nowhere == [], "\n".join(nowhere)


@pytest.mark.parametrize("role", ["hr-lead", "admin", "manager", "author"])
def test_every_page_below_the_first_level_says_the_way_back_to_it(
    site: WholeSite, walk: Callable[[str], Walker], role: str
) -> None:
    walker, without = walk(role), []
    for rule in rules_of(site):
        room = rule.endpoint.partition(".")[0]
        if "GET" not in (rule.methods or ()) or room not in (*BEHIND_THE_SCENES, "requirements", "managing"):
            continue
        answer = walker.ask("GET", site.address(rule), "nothing strange")
        if answer is None or answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
        first = [str(link["href"]) for link in page.select("header nav a")]
        way = [str(link["href"]) for link in page.select("nav[aria-label=Breadcrumb] a")]
        if page.find("main") and site.address(rule) not in first and not (way and way[0] in {*first, "/council"}):
            without.append(f"{rule.endpoint}: {way}")
    assert without == [], "\n".join(without)


@pytest.mark.parametrize("role", ROLES)
def test_asking_for_the_head_alone_adds_and_removes_nothing(site: WholeSite, role: str) -> None:
    tables = db.metadata.sorted_tables
    counts = select(*(select(func.count()).select_from(table).scalar_subquery() for table in tables))
    before = site.connection.execute(counts).one()
    client, changed = site.app.test_client(use_cookies=False), []
    for rule in rules_of(site):
        if "GET" in (rule.methods or ()):
            with site.unchanged(), writing(site.connection) as statements:
                client.head(site.address(rule), headers={"Cookie": site.cookies[role]}).close()
                # A hundred tables are counted again only where something was written.
                after = site.connection.execute(counts).one() if statements else before
            changed += [
                f"{rule.endpoint}: {table.name}"
                for table, was, is_now in zip(tables, before, after, strict=True)
                if was != is_now
            ]
    assert changed == []


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_no_address_fails(site: WholeSite, walk: Callable[[str], Walker], role: str, part: int) -> None:
    walker = walk(role)
    for rule in rules_of(site, part, len(PARTS)):
        for name in sorted(rule.arguments):
            is_number = f"<int:{name}>" in rule.rule
            values = in_addresses(is_number=is_number, is_thorough=is_at_home(role, rule))
            for what, value in values_for(walker, rule, values).items():
                for method in methods_of(rule):
                    walker.ask(method, address_with(site, rule, name, value), f"{what} as {name}")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_no_argument_fails(site: WholeSite, walk: Callable[[str], Walker], role: str, part: int) -> None:
    walker = walk(role)
    for rule in rules_of(site, part, len(PARTS)):
        names, is_thorough = sorted(names_read(module_of(site, rule), "request.args")), is_at_home(role, rule)
        for what, value in values_for(walker, rule, in_arguments(is_thorough=is_thorough)).items() if names else ():
            # All at once; the likely ones also one by one, so that no other is refused before, for a role that gets in.
            one_by_one = [[one] for one in names] if is_thorough and what in LIKELY_IN_ARGUMENTS else []
            for some in [names, *one_by_one]:
                asked = urlencode(dict.fromkeys(some, value), errors="surrogatepass")
                address = f"{site.address(rule)}?{asked}".replace("%25ED%25A0%2580", "%ED%A0%80")
                walker.ask("GET", address, f"{what} as {some}")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("role", ROLES)
def test_no_field_fails(site: WholeSite, walk: Callable[[str], Walker], role: str, part: int) -> None:
    walker, is_postgresql = walk(role), site.connection.dialect.name == "postgresql"
    for form in forms_of(site, role)[part :: len(PARTS)]:
        walker.ask("POST", form.address, "the form as it stands", **sent(form.fields))
        for what, strange in in_all_fields().items():
            walker.ask(
                "POST", form.address, f"{what} everywhere", **sent(dict.fromkeys(form.fields, strange), **token(form))
            )
        hidden = dict.fromkeys(not_shown(site, form), "")
        for name, value in (form.fields | hidden).items():
            if name == "csrf_token" and form is not forms_of(site, role)[0]:
                continue  # read in one place for all forms
            for what, strange in in_one_field().items():
                walker.ask("POST", form.address, f"{what} as {name}", **sent(form.fields, **{name: strange}))
            for what, other in (("a file", A_FILE), ("nothing", []), ("two", [value or "", "x"])):
                walker.ask("POST", form.address, f"{what} as {name}", **sent(form.fields, **{name: other}))
            if is_postgresql:  # SQLite minds no length
                walker.ask_for_longest(form, name)


@pytest.mark.parametrize("role", ROLES)
def test_no_header_fails(site: WholeSite, walk: Callable[[str], Walker], role: str) -> None:
    walker = walk(role)
    most = max(map(len, HEADERS.values()))
    for number, rule in enumerate(rules_of(site)):
        # Headers are read in the same way for every role: one tries each at every address, the others one in turn.
        for place in range(most) if is_at_home(role, rule) else [number % most]:
            headers = {name: values[place % len(values)] for name, values in HEADERS.items()}
            walker.ask(methods_of(rule)[0], site.address(rule), f"headers {place}", headers=headers)
