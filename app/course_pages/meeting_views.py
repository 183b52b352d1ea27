"""A prompt for a team meeting as a learner sees it: its words, and the day that it is for."""

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from app.course_pages.rendering import ReadyCourse
from app.platform.day_field import DayField, not_past
from app.platform.field_states import MustBeGiven
from app.platform.forms import FlaskForm
from courses.content.model.personal import MeetingBlock


class MeetingFields(FlaskForm):
    """The day of the meeting."""

    day = DayField(
        "When is your next team meeting?",
        name_in_errors="The day of the meeting",
        description="For example, 27 3 2027. A guess will do: you can move it in your calendar.",
        validators=[MustBeGiven(), not_past],
    )

    def validate_day(self, field: DayField) -> None:
        """There is one."""
        if field.data is None and not field.process_errors:
            raise ValidationError("Enter the day of your next team meeting")


@dataclass(frozen=True)
class MeetingView:
    """A prompt for ``components/comment.html``. ``action_url`` is empty in a preview."""

    id: str
    title: str
    text: str
    fields: MeetingFields
    action_url: str
    shape: str = "meeting"


def meeting_view(course: ReadyCourse, block: MeetingBlock, here: str) -> MeetingView:
    """The prompt in the words of the person's authority, with an empty day."""
    action_url = f"{here}/meeting" if here else ""
    return MeetingView(
        block.key, course.words(block.title), course.words(block.text), MeetingFields(formdata=None), action_url
    )


def meeting_posted(posted: MultiDict[str, str]) -> MeetingFields:
    """The day that somebody sent."""
    return MeetingFields(formdata=posted)
