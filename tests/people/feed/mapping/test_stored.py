"""An authority's mappings are kept in versions, and no authority sees another's."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from kernel.audit import entries_for
from kernel.errors import RuleBroken
from people.feed.mapping.mappings import Mapping
from people.feed.mapping.stored import find_mapping, keep_mapping, mapping_by_id, mappings_of
from tests.builders.region import NOON, an_organisation
from tests.people.feed.mapping.made import BASE


def test_each_change_is_a_version_and_the_one_before_stays(session: Session) -> None:
    halton = an_organisation(session)
    first = keep_mapping(session, organisation_id=halton.id, name="iTrent", mapping=BASE, by=None, now=NOON)
    other = replace(BASE, has_decimal_comma=True)
    second = keep_mapping(session, organisation_id=halton.id, name="iTrent", mapping=other, by=None, now=NOON)
    session.expire_all()
    assert (first.version, second.version) == (1, 2)
    assert find_mapping(session, organisation_id=halton.id) == second
    assert find_mapping(session, organisation_id=halton.id, name="iTrent", version=1) == first
    assert find_mapping(session, organisation_id=halton.id, name="Oracle") is None
    entries = entries_for(session, subject_type="organisation", subject_id=halton.id)
    assert [entry.detail for entry in entries] == [{"name": "iTrent", "version": 1}, {"name": "iTrent", "version": 2}]


def test_a_mapping_that_says_nothing_new_is_no_version(session: Session) -> None:
    halton = an_organisation(session)
    first = keep_mapping(session, organisation_id=halton.id, name="iTrent", mapping=BASE, by=None, now=NOON)
    assert keep_mapping(session, organisation_id=halton.id, name="iTrent", mapping=BASE, by=None, now=NOON) == first


def test_the_newest_of_each_name_is_listed_for_its_authority_alone(session: Session) -> None:
    halton, sefton = an_organisation(session), an_organisation(session, "sefton", "Sefton Council")
    turned = replace(BASE, is_family_name_first=True)
    kept = [
        keep_mapping(session, organisation_id=halton.id, name=name, mapping=mapping, by=None, now=NOON)
        for name, mapping in (("Staff", BASE), ("Agency", BASE), ("Staff", turned))
    ]
    assert mappings_of(session, organisation_id=halton.id) == [kept[1], kept[2]]
    assert mappings_of(session, organisation_id=sefton.id) == []
    assert mapping_by_id(session, organisation_id=sefton.id, mapping_id=kept[0].id) is None
    assert mapping_by_id(session, organisation_id=halton.id, mapping_id=kept[0].id) == kept[0]


def test_a_mapping_that_reads_nothing_is_not_kept(session: Session) -> None:
    halton = an_organisation(session)
    with pytest.raises(RuleBroken, match="full name"):
        keep_mapping(
            session, organisation_id=halton.id, name="Half", mapping=Mapping(BASE.columns[:1]), by=None, now=NOON
        )
    assert mappings_of(session, organisation_id=halton.id) == []
