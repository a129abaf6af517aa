"""Every name has an address of its own: what it was before where that was enough, and readable in any script."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sbctl.core.address import Address
from sbctl.core.text.slug import LONGEST, LONGEST_STEM, apart, ascii_slug, forms, meant, slug, stem

AS_BEFORE = {
    "Sales": "sales",
    "Sales Team": "sales-team",
    "24x7": "24x7",
    "customer_lookup": "customer_lookup",
    "connect.example.com.us-east-1": "connect.example.com.us-east-1",
    "*.example.com": "*.example.com",
    " R&D / EMEA ": "r-d-emea",
    "Support \u2013 EMEA": "support-emea",
    "🎉 party": "party",
    "☎️ Support": "support",
    "x" * 128: "x" * 128,
    "x" * LONGEST: "x" * LONGEST,
}
READABLE = {
    "営業": "営業",
    "Müller": "müller",
    "MÖLLER": "möller",
    "Mu\u0308ller": "müller",
    "Straße 1": "strasse-1",
    "العربية": "العربية",
    "Отдел продаж": "отдел-продаж",
}


@pytest.mark.parametrize("name", AS_BEFORE)
def test_what_had_an_address_keeps_it(name: str) -> None:
    assert slug(name) == AS_BEFORE[name] == ascii_slug(name)


@pytest.mark.parametrize("name", READABLE)
def test_letters_of_any_script_stay(name: str) -> None:
    assert slug(name) == READABLE[name]


@pytest.mark.parametrize("name", ["☎", "+++", "&", "🎉", "हिन्दी", "x" * (LONGEST + 1), "ü" * 256])
def test_what_an_address_cannot_hold_has_a_mark_of_its_own(name: str) -> None:
    assert re.search(r"-[0-9a-f]{8}$", slug(name))
    assert slug(name) != slug(name + "+")
    assert len(slug(name)) <= LONGEST


@given(st.text(min_size=1, max_size=300))
def test_an_address_can_be_written_and_read(name: str) -> None:
    """It is the same again, it fits into a tag and into a file's name, and it holds what tags may hold."""
    text = slug(name)
    assert text
    assert slug(text) == text
    assert slug(apart(name)) == apart(name)
    assert max(len(text), len(apart(name))) <= LONGEST
    assert len(stem(name).encode()) <= LONGEST_STEM
    assert all(unicodedata.category(one)[0] in "LN" or one in "-_.*" for one in text)
    address = Address.of("connect_routing_profile", "ap-southeast-2", name)
    assert Address.parse(str(address)) == address
    assert len(str(address)) <= 256


@pytest.mark.parametrize("name", ["..", ".NET desk", "*", "a*b", "con", "NUL", "com1.sales", "end."])
def test_a_file_that_systems_hide_or_do_not_take_is_named_otherwise(name: str) -> None:
    assert re.fullmatch(r"(?!\.)[a-z0-9.-]+-[0-9a-f]{8}", stem(name))
    assert stem(name) != stem(name + "+")


def test_other_files_have_the_form_of_the_address() -> None:
    assert [stem(one) for one in ("Sales v1.2", "Console", "_x", "Müller")] == ["sales-v1.2", "console", "_x", "müller"]


@given(st.lists(st.text(max_size=12), min_size=2, max_size=4, unique=True))
def test_names_that_are_alike_have_forms_that_differ(names: list[str]) -> None:
    assert len({apart(name) for name in names if name}) == len([name for name in names if name])


def test_the_name_that_is_meant_is_found() -> None:
    names = ["A B", "a-b", "Müller"]
    assert meant(names, "a-b") == "a-b"
    assert meant(names, apart("A B")) == "A B"
    assert meant(["A B"], "a-b") == "A B"
    assert meant(names, "müller") == "Müller"
    assert meant(names, "none") is None


def test_an_address_knows_its_other_forms() -> None:
    address = Address.of("connect_queue", "us-east-1", "Müller")
    assert address.known_as("connect_queue.us-east-1.müller")
    assert address.known_as("connect_queue.us-east-1.m-ller")
    assert not address.known_as("connect_queue.us-west-2.m-ller")
    assert not address.known_as("connect_queue.us-east-1.möller")
    assert "m-ller" in forms("Müller")


def test_how_a_name_was_spelled_makes_no_other_address() -> None:
    one, other = Address.of("k", "r", "A B"), Address.parse("k.r.a-b")
    assert one == other
    assert hash(one) == hash(other)
    assert one.called == "A B"
    assert one.model_dump() == {"kind": "k", "region": "r", "name": "a-b"}
