"""Rules for screens that readers meet in their own way: hard detail, tables to sort, and questions for some people."""

from collections.abc import Mapping

from courses.content.files.role_questions import OTHERS
from courses.content.format.draft import Draft, ScreenDraft
from courses.content.model.course import (
    DetailBlock,
    MarkdownBlock,
    MoreBlock,
    NoteBlock,
    QuestionBlock,
    RecordingBlock,
    TableBlock,
)
from courses.content.model.facts import Fact, fill_facts
from courses.content.model.local_wording import ORGANISATIONS
from courses.content.model.tables import COLUMN, find_table
from courses.content.source.findings import Findings
from courses.content.text_rules.picture_checks import has_picture


def check_reading(draft: Draft, facts: Mapping[str, Fact], findings: Findings) -> None:
    """Note everything that is wrong with such screens."""
    for module in draft.modules:
        for screen in module.screens:
            _check_detail(screen, findings)
            _check_others(screen, findings)
            _check_empty(screen, findings)
            for block in screen.screen.blocks:
                if isinstance(block, TableBlock):
                    _check_table(screen, block, facts, findings)


def _check_detail(screen: ScreenDraft, findings: Findings) -> None:
    marks = [number for number, block in enumerate(screen.screen.blocks) if isinstance(block, DetailBlock)]
    if not marks:
        return
    if marks != [0]:
        findings.error(screen.place, "“::: detail” stands once, before everything else on its screen. Move it up.")
    if len(screen.screen.blocks) == len(marks):
        findings.error(screen.place, "This screen has a short version and nothing else. Write the screen below it.")
    if screen.questions or screen.reflections or screen.personal:
        findings.error(
            screen.place,
            "Somebody who reads the short version would miss the question on this screen. Put it on another screen.",
        )
    if any(_asks_the_server(block) for block in screen.screen.blocks):
        findings.error(
            screen.place,
            "Below a short version stand words only. A picture, a recording or a table to sort is fetched once "
            "somebody opens it, so a log could show who read on. Put it on another screen.",
        )


def _asks_the_server(block: object) -> bool:
    if isinstance(block, TableBlock):
        return block.is_sortable
    return isinstance(block, RecordingBlock) or (
        isinstance(block, MarkdownBlock | MoreBlock | NoteBlock) and has_picture(block.text)
    )


def _check_others(screen: ScreenDraft, findings: Findings) -> None:
    asked = [block for block in screen.screen.blocks if isinstance(block, QuestionBlock)]
    named = {slug for block in asked for slug in block.courses} - {OTHERS}
    if any(OTHERS in block.courses for block in asked) and not named:
        findings.error(
            screen.place, f"No question of this screen names a course, so “for={OTHERS}” is everybody. Leave it out."
        )


def _check_empty(screen: ScreenDraft, findings: Findings) -> None:
    blocks = screen.screen.blocks
    for_some = [block for block in blocks if isinstance(block, QuestionBlock) and block.courses]
    if for_some and len(for_some) == len(blocks) and not any(OTHERS in block.courses for block in for_some):
        findings.error(
            screen.place,
            f"People who completed none of them would see nothing here. Add a question “for={OTHERS}”, or text.",
        )


def _check_table(screen: ScreenDraft, block: TableBlock, facts: Mapping[str, Fact], findings: Findings) -> None:
    table = find_table(fill_facts(block.text, facts))
    title = f"The table “{block.caption[:60]}”"
    if table is None or not table.rows or len(table.headings) < 2:
        findings.error(
            screen.place,
            f"{title} has no table with two columns and a row below its headings. Write one, or its fact.",
        )
        return
    numbers = [int(number) for number in COLUMN.findall(block.sentence)]
    if block.sentence and not numbers:
        findings.error(
            screen.place, f"The sentence below {title[0].lower()}{title[1:]} names no cell. Write [1] and so on."
        )
    if any(not 1 <= number <= len(table.headings) for number in numbers):
        findings.error(screen.place, f"{title} has {len(table.headings)} columns, and its sentence names another.")
    if block.is_own_first and not any(table.own_row(slug) is not None for slug in ORGANISATIONS):
        findings.warning(screen.place, f"{title} has no row that begins with the name of an authority.")
