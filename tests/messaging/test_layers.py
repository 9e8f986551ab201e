"""A trust's and a school's own wordings go before those shipped, and say whose they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from messaging.layers import Layered, of_school, read_layers
from messaging.lint import faults_everywhere
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


def test_the_nearest_layer_has_the_word(tmp_path: Path) -> None:
    """The school's, else the trust's, else ours; the rest is shared."""
    trust, schools = tmp_path / "trust", tmp_path / "schools"
    own(trust, "nobody told us")
    own(schools / "ASH", "we wonder why")
    (schools / "README.txt").write_text("about this folder", encoding="utf-8")
    layered = read_layers(trust, schools)
    assert "nobody told us" in layered[KEY].body
    assert "nobody told us" in of_school(layered, "ELM")[KEY].body
    assert "we wonder why" in of_school(layered, "ASH")[KEY].body
    assert set(of_school(layered, "ASH")) == set(layered)
    assert len(layered) == len(read_layers(tmp_path / "none", tmp_path / "none"))
    assert of_school(dict(layered), "ASH")[KEY] == layered[KEY]
    assert faults_everywhere(layered) == []
    assert wording(layered, {layered["first-day", "sms", "pl"].version}, *KEY[:2], "Polish") == (
        layered[KEY], "the Polish wording is of another English one: sent in English",
    )  # fmt: skip


def test_a_variant_passes_the_same_check(tmp_path: Path) -> None:
    """What no family should read is found in a school's own words too."""
    own(tmp_path / "schools" / "ASH", "it is unacceptable")
    found = faults_everywhere(read_layers(tmp_path / "trust", tmp_path / "schools"))
    assert [fault.sentence for fault in found if "ASH" in str(fault.source)] == [
        "'unacceptable' is not for families: say what was missed"
    ]


def test_a_variant_varies_something(tmp_path: Path) -> None:
    """A misspelt name would be a wording that nothing uses; a trust may add one of its own."""
    own(tmp_path / "trust", "so", "panel/sms.en.txt")
    own(tmp_path / "schools" / "ASH", "so", "frist-day/sms.en.txt")
    with pytest.raises(
        TemplateError, match=r"ASH/frist-day/sms\.en\.txt:1: there is no frist-day/sms\.en\.txt"
    ):
        read_layers(tmp_path / "trust", tmp_path / "schools")
    assert ("panel", "sms", "en") in read_layers(tmp_path / "trust", tmp_path / "none")


def test_a_layer_alone_is_a_mapping() -> None:
    """Where a school has nothing of its own, what holds everywhere is the answer."""
    assert dict(Layered({})) == {}
