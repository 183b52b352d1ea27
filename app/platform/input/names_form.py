"""The names that somebody bears, in a form: for themselves, and for those who look after their record."""

from app.platform.day_field import DayField
from app.platform.forms import FlaskForm
from app.platform.input.text_line import line
from people.names.changing import Names
from people.persons import Person


class OwnNamesForm(FlaskForm):
    """What is theirs to say. The full name stands on certificates, so HR corrects that one."""

    called = line(
        "What should we call you?",
        "",
        Person.called,
        "We use it when we write to you. Leave it empty to be called by your full name",
    )
    pronunciation = line(
        "How is your name said?", "", Person.pronunciation, "For people who read it out, such as “shahn WIN”"
    )
    sorting = line(
        "Where do lists put your name?",
        "",
        Person.sorting_name,
        "The name as it is put in order, such as “Nguyễn, Siân”. Leave it empty to be listed by your full name",
    )

    def names(self, full: str) -> Names:
        """What was typed, beside the full name."""
        return Names(full, self.called.data or "", self.pronunciation.data or "", self.sorting.data or "")


class NamesForm(FlaskForm):
    """All names of a person, for admins and HR leads; a page leaves out ``born_on`` where no authority asks for it."""

    full = line("Full name", "Enter a name", Person.chosen_name, "As they write it. Certificates print it")
    called = line("Called", "", Person.called, "What they ask to be called, if that is another name")
    pronunciation = line("How it is said", "", Person.pronunciation, "Such as “shahn WIN”")
    sorting = line("Name in lists", "", Person.sorting_name, "As it is put in order, if that is another way")

    born_on = DayField(
        "Date of birth",
        name_in_errors="Date of birth",
        description="Only to match past learning that has no payroll number. Empty the boxes to take it out",
    )

    def names(self) -> Names:
        """What was typed, but the date of birth."""
        return Names(
            self.full.data or "", self.called.data or "", self.pronunciation.data or "", self.sorting.data or ""
        )


class AddressForm(FlaskForm):
    """The e-mail address of a person, for admins and HR leads."""

    address = line("E-mail address", "", Person.email, "Leave it empty where they have none")
