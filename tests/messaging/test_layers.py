"""A trust's and a school's own wordings go before those shipped, and say whose they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from messaging.layers import Layered, left_out_at, of_school, read_layers
from messaging.lint import faults, faults_everywhere
from messaging.templates import TEMPLATES_FOLDER, TemplateError
from messaging.wording import wording

FIRST_DAY = (TEMPLATES_FOLDER / "first-day/sms.en.txt").read_text(encoding="utf-8")
KEY = ("first-day", "sms", "en")


def own(folder: Path, words: str, place: str = "first-day/sms.en.txt") -> None:
    """The first day's text in other words, by an author."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    signed = FIRST_DAY.replace("owner:", "author: A. Okafor\ndate: 2025-11-14\nowner:")
    path.write_text(signed.replace("we do not know why yet", words), encoding="utf-8")


def read(folder: Path) -> Layered:
    """The layers in a folder."""
    return read_layers(folder / "trust", folder / "schools", faults)


def test_the_nearest_layer_has_the_word(tmp_path: Path) -> None:
    """The school's, else the trust's, else ours; the rest is shared."""
    trust, schools = tmp_path / "trust", tmp_path / "schools"
    own(trust, "nobody told us")
    own(schools / "ASH", "we wonder why")
    (schools / "README.txt").write_text("about this folder", encoding="utf-8")
    layered = read_layers(trust, schools, faults)
    assert "nobody told us" in layered[KEY].body
    assert "nobody told us" in of_school(layered, "ELM")[KEY].body
    assert "we wonder why" in of_school(layered, "ASH")[KEY].body
    assert set(of_school(layered, "ASH")) == set(layered)
    assert len(layered) == len(read(tmp_path / "none"))
    assert of_school(dict(layered), "ASH")[KEY] == layered[KEY]
    assert faults_everywhere(layered) == []
    assert wording(layered, {layered["first-day", "sms", "pl"].version}, *KEY[:2], "Polish") == (
        layered[KEY], "the Polish wording is of another English one: sent in English",
    )  # fmt: skip


def test_a_variant_with_a_mistake_is_left_out(tmp_path: Path) -> None:
    """The trust's or ours is used in its place, and what is wrong with it is told, of that school alone."""
    own(tmp_path / "trust", "nobody told us")
    own(tmp_path / "schools" / "ASH", "it is unacceptable")
    (tmp_path / "schools" / "ASH" / "first-day" / "email.en.txt").write_text("Dear parent", encoding="utf-8")
    layered = read(tmp_path)
    assert "nobody told us" in of_school(layered, "ASH")[KEY].body
    assert [(fault.source.name, fault.line) for fault in left_out_at(layered, "ASH")] == [
        ("email.en.txt", 1), ("sms.en.txt", 12),
    ]  # fmt: skip
    assert faults_everywhere(layered) == list(left_out_at(layered, "ASH"))
    assert left_out_at(layered, "ELM") == left_out_at(dict(layered), "ASH") == ()


def test_a_variant_varies_something(tmp_path: Path) -> None:
    """A misspelt name would be a wording that nothing uses; a trust may add one of its own."""
    own(tmp_path / "trust", "so", "panel/sms.en.txt")
    own(tmp_path / "schools" / "ASH", "so", "frist-day/sms.en.txt")
    layered = read(tmp_path)
    (fault,) = left_out_at(layered, "ASH")
    assert "ASH/frist-day/sms.en.txt:1: there is no frist-day/sms.en.txt that this could vary" in str(fault)
    assert ("panel", "sms", "en") in layered


def test_a_translation_goes_by_the_english_of_its_own_school(tmp_path: Path) -> None:
    """A school that words both has its own translation held against its own English."""
    home = tmp_path / "schools" / "ASH"
    own(home, "we wonder why")
    english = of_school(read(tmp_path), "ASH")[KEY]
    polish = (TEMPLATES_FOLDER / "first-day/sms.pl.txt").read_text(encoding="utf-8")
    signed = polish.replace("owner:", "author: A. Nowak\ndate: 2025-11-15\nowner:")
    path = home / "first-day" / "sms.pl.txt"
    path.write_text(signed, encoding="utf-8")
    assert f"the English is now {english.version}" in str(left_out_at(read(tmp_path), "ASH")[0])
    path.write_text(re.sub("translates: .*", f"translates: {english.version}", signed), encoding="utf-8")
    layered = read(tmp_path)
    found = of_school(layered, "ASH")["first-day", "sms", "pl"]
    assert (left_out_at(layered, "ASH"), found.author) == ((), "A. Nowak")


def test_what_is_shipped_must_be_sound(tmp_path: Path) -> None:
    """Without it nobody could be written to: nothing begins."""
    own(tmp_path, "so", "first-day/pigeon.en.txt")
    with pytest.raises(TemplateError, match="found by its place"):
        read_layers(tmp_path / "none", tmp_path / "none", faults, tmp_path)


def test_a_layer_alone_is_a_mapping() -> None:
    """Where a school has nothing of its own, what holds everywhere is the answer."""
    assert dict(Layered({})) == {}
