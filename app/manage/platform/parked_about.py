"""What a piece of parked work is about, and where that stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from people.organisations import Organisation


@dataclass(frozen=True)
class About:
    """What a task is about, and the address of the page that says more; empty when there is none."""

    words: str
    address: str = ""


def of_authority(table: Any, link: str, session: Session, ids: Sequence[int]) -> Mapping[int, About]:
    """The authorities of rows of a table, each with its page."""
    rows = session.execute(
        select(table.id, Organisation.name, Organisation.slug)
        .join(Organisation, Organisation.id == table.organisation_id)
        .where(table.id.in_(ids))
    )
    return {row_id: About(name, url_for(link, slug=slug)) for row_id, name, slug in rows}
