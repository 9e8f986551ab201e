"""Ten children with the same absence: what docs/ten-children.md shows is what the commands do."""

from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pikepdf
import pytest

DOCS = Path(__file__).parents[2] / "docs"
Messages = list[dict[str, str]]


@pytest.fixture(scope="module")
def told() -> ModuleType:
    """The script that makes the page."""
    spec = importlib.util.spec_from_file_location("ten_children", DOCS / "ten_children.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def lived(told: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Messages, Messages]:
    """The school lived through both runs: its folder, the texts, the letters."""
    folder = tmp_path_factory.mktemp("ten")
    texts, letters = told.lived(folder)
    return folder, texts, letters


def test_the_page_is_what_happens(told: ModuleType, lived: tuple[Path, Messages, Messages]) -> None:
    """Word for word, and every picture that it shows is there."""
    folder, texts, letters = lived
    names = told.named(folder, letters)
    page = (DOCS / "ten-children.md").read_text(encoding="utf-8")
    assert told.page(texts, letters, names) == page
    for _, name in (each for leaves in names.values() for each in leaves):
        assert (DOCS / "ten-children" / f"{name}.png").is_file()
    with pikepdf.open(folder / "print" / "letters.pdf") as paper:
        assert len(paper.pages) == max(leaf for leaves in names.values() for leaf, _ in leaves)


def test_nobody_is_written_to_who_may_not_be(lived: tuple[Path, Messages, Messages]) -> None:
    """A father under a court order, a birth mother of a looked-after child: nothing goes to them."""
    _, texts, letters = lived
    reached = {each["addressee"] for each in (*texts, *letters)}
    assert {"Mark Stone", "Dina Carr"}.isdisjoint(reached)
    assert {"Pat Lowe", "Sam Field", "Lucy Stone"} <= reached
    assert "Lucy Stone" not in {each["addressee"] for each in texts}, "she asked for no texts"


def test_words_fit_the_child_and_no_text_tells_of_health(lived: tuple[Path, Messages, Messages]) -> None:
    """The same count for all; five ways to say it in letters; nothing of illness in a text."""
    _, texts, letters = lived
    assert all("missed 4 days" in each["text"] for each in (*texts, *letters))
    own = {each["upn"]: each["text"].replace(each["upn"], "X").replace(each["ref"], "") for each in letters}
    bodies = {
        name: text.partition("Since September")[2].partition("Mr Iqbal")[0] for name, text in own.items()
    }
    assert len({bodies[name] for name in ("Amara", "Ben", "Chloe", "Dylan", "George")}) == 5
    spoken = " ".join(each["text"] for each in texts).lower()
    assert not [word for word in ("ill", "asthma", "medical", "send", "died") if f" {word}" in spoken]
    fatima = next(each for each in letters if each["upn"] == "Fatima")
    assert "arrange an interpreter" in fatima["note"]


def test_one_home_gets_one_message_a_day(lived: tuple[Path, Messages, Messages]) -> None:
    """Harry and Isla: two texts and two letters, each on a day of its own."""
    _, texts, letters = lived
    of_hill = [each for each in (*texts, *letters) if each["contact_id"] == "hill"]
    assert [each["state"] for each in of_hill] == ["sent"] * 4


def test_a_family_that_asks_is_answered(told: ModuleType, lived: tuple[Path, Messages, Messages]) -> None:
    """By the reference on the letter: rule, dates, whom to talk to; printed again it is the same."""
    folder, _, letters = lived
    ben = next(each for each in letters if each["upn"] == "Ben")
    answer = told.firstbell(folder, "why", ben["ref"].lower(), "--by", "ao")
    assert answer.startswith(f"Ref {ben['ref']}: a letter to Ruth Okafor about Ben")
    assert "Monday 15 September, all day, illness" in answer
    assert "Mr Iqbal" in answer
    before = (folder / "print" / "letters.pdf").read_bytes()
    said = told.firstbell(folder, "letters", "print", "--to", str(folder / "print"), "--single-sided")
    assert said.startswith("11 letters on 12 pages")
    assert (folder / "print" / "letters.pdf").read_bytes() == before
    with pytest.raises(subprocess.CalledProcessError):
        told.firstbell(folder, "letters", "print", "--to", str(DOCS / "ten_children.py"))
