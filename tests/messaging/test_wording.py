"""In which language a family is written to, and what is said where that is not their own."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pytest

from messaging.templates import Key, Template, load
from messaging.wording import is_usable, wording

SHIPPED: Final = load()
POLISH: Final = SHIPPED["first-day", "sms", "pl"]
JUNE: Final = SHIPPED["june-letter", "letter", "ur"]


@pytest.mark.parametrize("language", ["", "English", "en-GB", "ENG"])
def test_english_is_for_those_who_read_it(language: str) -> None:
    """And for those of whom nobody wrote anything; without a note."""
    template, note = wording(SHIPPED, (), "first-day", "sms", language)
    assert (template, note) == (SHIPPED["first-day", "sms", "en"], "")


def test_an_approved_wording_is_used_by_any_name_of_its_language() -> None:
    """The exact version that a speaker said yes to."""
    for language in ("Polish", "pl", "POLSKI", "Polish (Poland)"):
        assert wording(SHIPPED, {POLISH.version}, "first-day", "sms", language) == (POLISH, "")


@pytest.mark.parametrize(
    ("name", "channel", "language", "note"),
    [
        ("first-day", "sms", "Polish", "no approved Polish wording: sent in English"),
        ("first-day", "sms", "Somali", "no Somali wording: sent in English"),
        ("first-day", "sms", "Klingon", "'Klingon' is no language Firstbell knows: sent in English"),
        (
            "june-letter", "letter", "ur",
            "no approved Urdu wording: sent in English; arrange an interpreter or a translation",
        ),
        (
            "notice-to-improve", "letter", "Welsh",
            "no Welsh wording: sent in English; arrange an interpreter or a translation",
        ),
    ],
)  # fmt: skip
def test_whatever_is_not_approved_goes_in_english_with_a_note(
    name: str, channel: str, language: str, note: str
) -> None:
    """Letters and what is statutory ask a person to see that it is understood."""
    assert wording(SHIPPED, {"0" * 12}, name, channel, language) == (SHIPPED[name, channel, "en"], note)


def test_a_change_of_the_english_voids_its_translations() -> None:
    """Approved words that say what the English said before are not sent."""
    english = replace(SHIPPED["june-letter", "letter", "en"], version="f" * 12)
    changed: dict[Key, Template] = {**SHIPPED, english.key: english}
    found, note = wording(changed, {JUNE.version}, "june-letter", "letter", "Urdu")
    assert found is english
    assert note.startswith("the Urdu wording is of another English one: sent in English; arrange")
    assert not is_usable(JUNE, english, {JUNE.version})
    assert not is_usable(JUNE, None, {JUNE.version})
    assert is_usable(english, english, ())


def test_where_there_is_no_english_there_is_nothing() -> None:
    """Nothing is made up, and a translation does not stand alone."""
    only = {POLISH.key: POLISH}
    assert wording(only, {POLISH.version}, "first-day", "sms", "Polish") == (None, "")
