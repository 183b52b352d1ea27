"""What templates may rely on: words for values, names that must exist, links to the pages of a list."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, flash
from jinja2 import UndefinedError

from app.platform.pages import templating


@pytest.fixture
def pages() -> Flask:
    app = Flask("pages")
    app.secret_key = "for this test"
    app.add_url_rule("/people/<slug>", "people", lambda slug: slug)
    templating.init_templates(app)
    return app


def test_a_moment_is_told_in_the_time_of_the_city_region():
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert templating.moment(summer) == "2 July 2026 at 00:30"
    assert templating.clock(datetime(2026, 11, 21, 14, 2, tzinfo=UTC)) == "14:02"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 7, 1, 22, 59, tzinfo=UTC), "at 10:12"),
        # It is tomorrow in the city region an hour before it is in UTC.
        (datetime(2026, 7, 1, 23, 1, tzinfo=UTC), "on 1 July 2026 at 10:12"),
        (datetime(2027, 7, 1, 9, 12, tzinfo=UTC), "on 1 July 2026 at 10:12"),
    ],
)
def test_when_something_was_saved_is_told_with_its_day_unless_that_is_today(now: datetime, words: str):
    assert templating.when(datetime(2026, 7, 1, 9, 12, tzinfo=UTC), now) == words


def test_a_day_has_no_leading_zero_and_may_name_its_weekday():
    assert templating.day(date(2026, 3, 1)) == "1 March 2026"
    assert templating.weekday(date(2026, 12, 18)) == "Friday 18 December 2026"


def test_numbers_have_commas_and_shares_have_their_sign():
    assert templating.number(21_873) == "21,873"
    assert templating.percent(64) == "64%"
    assert templating.percent(63.5) == "63.5%"
    assert templating.percent(None) == "–"


def test_counts_agree_with_their_word():
    assert templating.plural(1, "module") == "1 module"
    assert templating.plural(0, "module") == "0 modules"
    assert templating.plural(1200, "person", "people") == "1,200 people"


def test_file_sizes_are_round_and_never_nothing():
    assert [templating.file_size(size) for size in (12, 60_400, 1_250_000)] == ["1 KB", "60 KB", "1.2 MB"]


def test_lists_end_with_and():
    assert templating.in_words(["Sefton"]) == "Sefton"
    assert templating.in_words(["Halton", "Sefton", "Wirral"]) == "Halton, Sefton and Wirral"
    assert templating.in_words([]) == ""


@pytest.mark.parametrize("template", ["{{ nobody }}", "{{ person.nickname }}", "{% if nobody %}{% endif %}"])
def test_a_name_that_was_never_given_stops_the_page(pages: Flask, template: str):
    with pytest.raises(UndefinedError):
        pages.jinja_env.from_string(template).render(person=object())


def test_components_may_ask_a_mapping_for_what_it_lacks(pages: Flask):
    assert pages.jinja_env.from_string("{{ params.hint.text }}").render(params={}) == ""


def test_the_banner_of_the_component_library_renders_under_strict_names(pages: Flask):
    library = pages.jinja_env.get_template("govuk_frontend_jinja/components/notification-banner/macro.html")
    assert "Your plan is saved" in library.module.govukNotificationBanner({"text": "Your plan is saved"})


def test_page_links_keep_the_filters_and_leave_out_far_pages(pages: Flask):
    with pages.test_request_context("/people/sefton?state=overdue&page=4"):
        links = templating.page_links(4, 12)
    numbers = [item.get("number", "…") for item in links["items"]]
    assert numbers == [1, "…", 3, 4, 5, "…", 12]
    assert links["next"] == {"href": "/people/sefton?state=overdue&page=5"}


def test_one_page_needs_no_links(pages: Flask):
    with pages.test_request_context("/people/sefton"):
        assert templating.page_links(1, 1) == {}


def test_a_message_is_shown_once(pages: Flask):
    with pages.test_request_context("/people/sefton"):
        flash("Your plan is saved")
        assert templating.messages() == [("message", "Your plan is saved")]
        assert templating.messages() == []


def test_a_name_in_a_sentence_cannot_turn_the_words_around_it() -> None:
    assert (
        templating.isolated("“خدمات” is called “<b>”. 5 stay")
        == "“<bdi>خدمات</bdi>” is called “<bdi>&lt;b&gt;</bdi>”. 5 stay"
    )
    assert templating.isolated("No name & none") == "No name &amp; none"
