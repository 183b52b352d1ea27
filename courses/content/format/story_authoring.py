"""A branching story as an author writes it in a question file: its keys, and how the schema explains them."""

from typing import Annotated

from pydantic import Field

from courses.content.format.authoring import SLUG, AnyText, Authored, Flag, Line, Recorded, Text

NodeId = Annotated[str, Field(pattern=SLUG, max_length=40)]


class AuthoredStoryChoice(Authored):
    """One thing to do at a node of a branching story."""

    text: Text = Field(description="The words of the choice. Inline Markdown.")
    feedback: Text = Field(description="What happens next, and words to use. Markdown.")
    best: Flag = Field(False, description="True for the best choices. Every node has at least one.")
    acceptable: Flag = Field(False, description="True for a choice that gets half the point.")
    next: NodeId = Field(
        description="The id of the node or the ending that follows; the node’s own id lets people choose again."
    )


class AuthoredNode(Authored):
    """One moment of a branching story."""

    id: NodeId = Field(description="Small letters, digits and hyphens, such as after-the-meeting. It never changes.")
    heading: Line = Field(description="What the moment is called. Plain text.")
    text: Text = Field(description="What happens there. Markdown.")
    stem: Annotated[AnyText, Field(max_length=1_000)] = Field(
        "", description="What to ask there. Left out, it is the stem of the question. Inline Markdown."
    )
    choices: Annotated[tuple[AuthoredStoryChoice, ...], Field(max_length=20)] = Field(
        (), description="What people can do there: two to eight choices."
    )
    media: Recorded = Field(None, description="Sound or film that belongs to the moment.")


class AuthoredEnding(Authored):
    """One place where a branching story ends."""

    id: NodeId = Field(description="An id that no node has.")
    heading: Line = Field(description="What the ending is called. Plain text.")
    text: Text = Field(description="How the story ends. Markdown.")
