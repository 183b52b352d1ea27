"""Branching stories in the question files: from what an author wrote to what marking knows, and where its texts are."""

from collections.abc import Iterator

from courses.content.files.recording_blocks import as_recording
from courses.content.format.authoring import AuthoredRecording
from courses.content.format.draft import Form, Passage
from courses.content.format.question_authoring import AuthoredQuestion
from courses.content.source.findings import Findings
from courses.content.source.yaml_reading import Path, Reading
from courses.content.text_rules.text_checks import core_words
from courses.marking import QuestionKind
from courses.marking.question import BranchingStory, Question, StoryChoice, StoryEnding, StoryNode, option_id
from courses.marking.story_faults import story_faults

LONGEST_NODE = 120


def read_story(authored: AuthoredQuestion) -> BranchingStory:
    """The story of a question. The id of a choice is the id of its node with a letter: ids never depend on words."""
    nodes = tuple(
        StoryNode(
            id=node.id,
            heading=node.heading,
            text=node.text,
            stem=node.stem,
            media=as_recording(node.media) if node.media else None,
            choices=tuple(
                StoryChoice(
                    id=f"{node.id}-{option_id(position)}",
                    text=choice.text,
                    feedback=choice.feedback,
                    is_best=choice.best,
                    is_acceptable=choice.acceptable,
                    leads_to=choice.next,
                )
                for position, choice in enumerate(node.choices)
            ),
        )
        for node in authored.nodes
    )
    endings = tuple(StoryEnding(id=one.id, heading=one.heading, text=one.text) for one in authored.endings)
    return BranchingStory(nodes=nodes, endings=endings)


def check_story(kind: QuestionKind, question: Question, reading: Reading, index: int, findings: Findings) -> None:
    """Note everything that is wrong with a story, each fault at its own line; what ``kind`` alone finds, at the top."""
    faults = list(story_faults(question))
    for where, sentence in faults:
        findings.error(reading.place((index, *where)), sentence)
    for sentence in kind.check(question):
        if sentence not in {known for _, known in faults}:
            findings.error(reading.place((index,)), sentence)
    for number, node in enumerate(question.branching.nodes if question.branching else ()):
        texts = (node.text, node.stem or question.stem, *(choice.text for choice in node.choices))
        words = sum(core_words(text) for text in texts)
        if words > LONGEST_NODE:
            findings.warning(
                reading.place((index, "nodes", number)),
                f"People read {words} words at the node “{node.id}” before they choose. Shorten it: 60 to 120 are "
                "best.",
            )


def story_passages(authored: AuthoredQuestion, reading: Reading, index: int) -> Iterator[Passage]:
    """Every text of a story but its recordings."""

    def passage(text: str, form: Form, *path: str | int) -> Passage:
        at: Path = (index, *path)
        return Passage(reading.text_place(at), text, form)

    for number, node in enumerate(authored.nodes):
        yield passage(node.heading, "plain", "nodes", number, "heading")
        yield passage(node.text, "blocks", "nodes", number, "text")
        yield passage(node.stem, "inline", "nodes", number, "stem")
        for position, choice in enumerate(node.choices):
            yield passage(choice.text, "inline", "nodes", number, "choices", position, "text")
            yield passage(choice.feedback, "blocks", "nodes", number, "choices", position, "feedback")
    for number, ending in enumerate(authored.endings):
        yield passage(ending.heading, "plain", "endings", number, "heading")
        yield passage(ending.text, "blocks", "endings", number, "text")


def story_recordings(authored: AuthoredQuestion, index: int) -> Iterator[tuple[Path, AuthoredRecording]]:
    """The recordings of a story and where they stand."""
    for number, node in enumerate(authored.nodes):
        if node.media is not None:
            yield (index, "nodes", number, "media"), node.media
