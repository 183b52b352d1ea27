"""Course Markdown as HTML: the right classes, and nothing that anybody can smuggle in."""

import pytest
from bs4 import BeautifulSoup
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.content.html.markup import render_inline, render_markdown
from courses.content.model.course import MediaFile

TOKENS = {"authority_name": "Halton Borough Council", "local_box": "", "police_force": "the_police_force"}
MAP = MediaFile(sha256="0" * 64, content_type="image/png", bytes=10, width=40, height=30)


def page(text: str, **tokens: str) -> BeautifulSoup:
    html = render_markdown(
        text, tokens=TOKENS | tokens, media_url=lambda name: f"/files/{name}", media={"media/map.png": MAP}
    )
    return BeautifulSoup(html, "html.parser")


def inline(text: str, **tokens: str) -> BeautifulSoup:
    return BeautifulSoup(render_inline(text, tokens=TOKENS | tokens), "html.parser")


def names(soup: BeautifulSoup) -> list[str]:
    return [tag.name for tag in soup.find_all(True)]


@pytest.mark.parametrize(
    ("text", "selector"),
    [
        ("Words.", "p.govuk-body"),
        ("- a\n- b", "ul.govuk-list.govuk-list--bullet > li"),
        ("1. a\n2. b", "ol.govuk-list.govuk-list--number > li"),
        ("## Two", "h2.govuk-heading-m"),
        ("### Three", "h3.govuk-heading-s"),
        ("# One", "h2"),
        ("> Said", "blockquote.govuk-inset-text"),
        ("a\n\n---\n\nb", "hr.govuk-section-break"),
        ("**b** *i*", "p > strong"),
        ("[a](/support)", "a.govuk-link[href='/support']:not([rel])"),
        ("[a](https://example.org)", "a.govuk-link[rel=noopener]:not([target])"),
        ("[Cymraeg]{lang=cy}", "span[lang=cy]"),
        ("[سلام]{lang=ar dir=rtl}", "span[lang=ar][dir=rtl]"),
    ],
)
def test_each_element_wears_its_govuk_class(text: str, selector: str):
    assert page(text).select(selector)


def test_a_table_becomes_cards_on_a_phone_and_has_headers_both_ways():
    soup = page("| | {{police_force}} | Share |\n|---|---|---:|\n| Halton | **x** | 3.5% |\n| Wirral | y |\n")
    assert soup.select("table.govuk-table.cg-stack")
    assert [cell.text for cell in soup.select("thead th[scope=col]")] == ["the_police_force", "Share"]
    assert [cell.text for cell in soup.select("tbody th[scope=row]")] == ["Halton", "Wirral"]
    assert [cell["data-label"] for cell in soup.select("tbody td")] == ["the_police_force", "Share"] * 2
    assert len(soup.select("td.govuk-table__cell--numeric")) == 2
    assert not soup.select("thead th:empty")


def test_each_table_has_its_own_labels():
    soup = page("| a | b |\n|---|---|\n| 1 | 2 |\n\ntext\n\n| c | d |\n|---|---|\n| 3 | 4 |\n")
    assert [cell["data-label"] for cell in soup.select("tbody td")] == ["b", "d"]


def test_a_picture_has_its_words_its_size_and_waits_to_be_seen():
    picture = page("![A *map* of {{authority_name}}](../media/map.png)").select_one("img.cg-picture")
    assert picture is not None
    assert picture.attrs == {
        "class": ["cg-picture"], "src": "/files/media/map.png", "alt": "A map of Halton Borough Council",
        "loading": "lazy", "width": "40", "height": "30",
    }  # fmt: skip


def test_a_picture_from_elsewhere_is_only_its_words():
    soup = page("![A map](https://example.org/map.png)")
    assert "img" not in names(soup)
    assert soup.text.strip() == "A map"


def test_a_token_goes_in_as_text_whatever_it_holds():
    value = "<b onclick='x'>*not* [a link](https://example.org)</b> & {{police_force}}\n# no heading"
    soup = page("We are {{authority_name}}.", authority_name=value)
    assert names(soup) == ["p", "br"]
    assert soup.text.strip() == f"We are {value}.".replace("\n", "")
    assert inline("{{authority_name}}", authority_name=value).text == value.replace("\n", "")


def test_a_token_is_filled_in_headings_lists_links_and_descriptions_but_not_in_code():
    text = "## {{police_force}}\n\n- {{police_force}}\n\n[{{police_force}}](/x)\n\n`{{police_force}}`"
    soup = page(text)
    assert [soup.select_one(tag).text for tag in ("h2", "li", "a")] == ["the_police_force"] * 3
    assert soup.select_one("code").text == "{{police_force}}"


def test_an_unknown_token_stays_as_it_is_typed():
    assert page("{{nobody}}").text.strip() == "{{nobody}}"


def test_a_paragraph_that_holds_only_an_empty_token_disappears():
    assert page("{{local_box}}").text == ""
    assert names(page("Before\n\n{{ local_box }}\n\nAfter")) == ["p", "p"]
    assert names(page("- {{local_box}}\n")) == []
    assert names(page("- {{local_box}}\n- b\n")) == ["ul", "li"]
    assert names(page("> {{local_box}}")) == []
    assert page("See {{local_box}}").text.strip() == "See"
    assert page("{{local_box}}", local_box="Our project").text.strip() == "Our project"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<b>bold</b>",
        "[x](javascript:alert(1))",
        "[x](JAVASCRIPT:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](//example.org)",
        "[x](/\\example.org)",
        "[x](http://example.org)",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml,<svg/>)",
        "[x]{onclick=alert(1) style=color:red class=evil}",
        "[r]: javascript:alert(1)\n\n[x][r]",
    ],
)
def test_nothing_dangerous_gets_through(text: str):
    soup = page(text)
    assert not {"script", "img", "b", "a"} & set(names(soup))
    assert not {"onclick", "onerror", "style"} & {key for tag in soup.find_all(True) for key in tag.attrs}
    assert "evil" not in str(soup.select("span"))


def test_inline_text_has_no_paragraph():
    soup = inline("**Which** share, {{authority_name}}?")
    assert names(soup) == ["strong"]
    assert soup.text == "Which share, Halton Borough Council?"


ALLOWED = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p", "pre", "span",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    text=st.lists(
        st.sampled_from(
            ["<b>", "<script>", "](", "javascript:", "[x]", "(https://e.org)", "{{local_box}}", "- ", "1. ",
             "{{authority_name}}", "> ", "#", "|", "---", "\n", "\n\n", "`", "*", "_", "![", "media/map.png",
             ")", "{lang=cy}", "&lt;", "'", '"', "\\", "مرحبا", "👋🏽", " "]
        ),
        max_size=30,
    ).map("".join),
    value=st.text(max_size=20),
)  # fmt: skip
def test_whatever_is_written_only_known_elements_come_out(text: str, value: str):
    soup = page(text, authority_name=value)
    assert set(names(soup)) <= ALLOWED
    for link in soup.select("a"):
        assert str(link["href"]).startswith(("https://", "/"))
