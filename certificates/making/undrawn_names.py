"""Names with letters that no font here holds: certificates show an empty box for each, so somebody is told before."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from people.persons import Person
from typesetting.coverage import undrawn_scripts


def people_by_undrawn_script(session: Session) -> Mapping[str, int]:
    """How many people have letters in their names that no font here holds, by the name of the script."""
    found: Counter[str] = Counter()
    for name in session.scalars(select(Person.chosen_name).order_by(Person.id)):
        if not name.isascii():
            found.update(undrawn_scripts([name]))
    return dict(sorted(found.items()))
