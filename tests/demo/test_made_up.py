"""Names, addresses, teams and shares of the demo region, made up without a database."""

import unicodedata
from random import Random

import pytest

from demo.names import Addresses, NameSource
from demo.region import apportion, headcounts, read_region, teams_of


def test_the_whole_region_has_22000_places_in_teams_of_5_to_25() -> None:
    authorities, random = read_region(), Random(1)  # noqa: S311
    counts = headcounts(authorities, 22_000)
    teams = [team for one in authorities for team in teams_of(one, people=counts[one.slug], random=random)]
    assert sum(team.size for team in teams) == 22_000
    assert all(5 <= team.size <= 25 for team in teams if team.work)
    assert len({(team.authority.slug, *team.path) for team in teams}) == len(teams)


def test_names_come_in_many_scripts_and_most_are_latin() -> None:
    source = NameSource(Random(1))  # noqa: S311
    names = [source.draw(1) for _ in range(6000)]
    scripts = [unicodedata.name(name[0]).split()[0] for name in names]
    assert scripts.count("LATIN") > 0.95 * len(names)
    assert {"ARABIC", "CJK", "GURMUKHI", "BENGALI", "CYRILLIC", "TAMIL", "GREEK"} <= set(scripts)
    assert all(unicodedata.is_normalized("NFC", name) for name in names)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Siân Nguyễn", "sian.nguyen@sefton.example"),
        ("Róisín O’Hare", "roisin.ohare@sefton.example"),
        ("Paweł Żak", "pawel.zak@sefton.example"),
        ("王芳", "sf100001@sefton.example"),
    ],
)
def test_an_address_is_the_name_where_it_can_be_typed(name: str, address: str) -> None:
    made = Addresses().address(name, payroll_number="SF100001", domain="sefton.example")
    assert made == address


def test_two_people_of_one_name_get_two_addresses() -> None:
    addresses = Addresses()
    made = [addresses.address("Jo Lunt", payroll_number="X1", domain="a.example") for _ in range(2)]
    assert made == ["jo.lunt@a.example", "jo.lunt2@a.example"]


def test_shares_add_up_exactly() -> None:
    assert apportion(10, [1, 1, 1]) == [4, 3, 3]
    assert sum(apportion(22_000, [weight**1.5 for weight in range(1, 400)])) == 22_000
