"""`firstbell templates`, as those who write to families use it."""

from __future__ import annotations

from pathlib import Path

import pytest

from messaging.templates import TEMPLATES_FOLDER
from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

ALINA = "alina,S,Alina Nowak,translator,\n"


def own_text(words: str, place: str = "schools/S/first-day") -> Path:
    """A school's own text for the first day, in the working directory."""
    folder = Path("templates") / place
    folder.mkdir(parents=True)
    text = (TEMPLATES_FOLDER / "first-day/sms.en.txt").read_text(encoding="utf-8")
    text = text.replace("owner:", "author: A. Okafor\ndate: 2025-11-14\nowner:").replace(
        "so we know all is well", words
    )
    (folder / "sms.en.txt").write_text(text, encoding="utf-8")
    return folder


def settings() -> None:
    """Settings in the working directory, so that its folder `templates` is the one that counts."""
    Path("config.yaml").write_text("outbox_folder: outbox\n", encoding="utf-8")


def test_check_names_file_line_and_what_to_do(firstbell: Firstbell) -> None:
    """Ours are without mistakes; a school's own is held to the same, and can be asked for alone."""
    settings()
    done = firstbell("templates", "check")
    assert (done.code, done.out) == (0, "43 templates: no mistakes\n")
    folder = own_text("immediately")
    done = firstbell("templates", "check")
    assert done.code == 1
    line = f"{folder.resolve()}/sms.en.txt:18: 'immediately' is not for families: today\n"
    assert line in done.out
    assert done.out.endswith("44 templates: 1 mistake\n")
    (folder / "email.en.txt").write_text("Dear parent", encoding="utf-8")
    done = firstbell("templates", "check", "templates/schools", "--json")
    assert done.code == 1
    assert [(Path(each["file"]).name, each["line"]) for each in done.document] == [
        ("email.en.txt", 1), ("sms.en.txt", 18),
    ]  # fmt: skip
    assert firstbell("templates", "check", str(TEMPLATES_FOLDER / "june-letter")).out.startswith(
        "5 templates"
    )
    Path("drafts").mkdir()
    assert "there is no template in drafts" in firstbell("templates", "check", "drafts").err
    assert "there is no file or folder nowhere" in firstbell("templates", "check", "nowhere").err
    assert "email.en.txt:1:1: a template begins with a line ---" in firstbell("rules", "check").out


def test_a_draft_is_checked_before_it_is_in_use(firstbell: Firstbell) -> None:
    """A file or folder elsewhere is held to the same, its translation against the English beside it."""
    settings()
    folder = own_text("to be sure", "../drafts/first-day")
    assert firstbell("templates", "check", "drafts").out == "1 template: no mistakes\n"
    polish = (TEMPLATES_FOLDER / "first-day/sms.pl.txt").read_text(encoding="utf-8")
    signed = polish.replace("owner:", "author: A\ndate: 2025-11-14\nowner:")
    (folder / "sms.pl.txt").write_text(signed, encoding="utf-8")
    (folder / "sms.cy.txt").write_text("Annwyl", encoding="utf-8")
    done = firstbell("templates", "check", "drafts", "--json")
    assert [(Path(each["file"]).name, each["line"]) for each in done.document] == [
        ("sms.cy.txt", 1), ("sms.pl.txt", 10),
    ]  # fmt: skip
    assert firstbell("templates", "check", str(folder / "sms.en.txt")).code == 0
    (draft,) = firstbell("templates", "preview", str(folder / "sms.en.txt"), "--json").document
    assert ("today to be sure. Ref" in draft["text"], draft["stands"]) == (True, "not in use")
    assert "43 templates" in firstbell("templates", "check").out


def test_preview_is_what_a_telephone_shows(firstbell: Firstbell) -> None:
    """Forty columns, parts, words and reading age; for a child with a life of its own other words."""
    done = firstbell("templates", "preview", "first-day", "--channel", "sms", "--set", "child=Zoë")
    assert done.code == 0
    shown = [line for line in done.out.splitlines() if line.startswith("│")]
    assert {len(line) for line in shown} == {44}
    assert "Zoë was marked absent" in " ".join(line.strip("│ ") for line in shown)
    assert "characters in 4 parts (UCS-2)" in done.out
    (plain,) = firstbell("templates", "preview", "first-day", "--channel", "sms", "--json").document
    (grief,) = firstbell(
        "templates", "preview", "first-day", "--channel", "sms", "--child", "bereavement", "--json"
    ).document  # fmt: skip
    assert "We are thinking of you." in grief["text"]
    assert "thinking" not in plain["text"]
    assert (plain["parts"], plain["alphabet"], plain["stands"]) == (2, "GSM-7", "in use")
    assert plain["reading_age"] <= plain["reading_age_limit"] == 9


def test_preview_shows_pages_tables_and_other_scripts(firstbell: Firstbell) -> None:
    """Every channel of a name where none is named; a heading, a list, a table; right to left on the right."""
    done = firstbell("templates", "preview", "days-missed")
    assert "Date                     Session                  Reason" in done.out
    assert "characters in 2 parts (GSM-7)" in done.out
    call = firstbell("templates", "preview", "call-illness")
    assert "Ask\n" in call.out.replace(" ", "").replace("│", "")
    arabic = firstbell("templates", "preview", "june-letter", "--language", "Arabic").out
    assert "awaits a translator" in arabic
    assert "reading age" not in arabic
    for words, said in (
        (("frist-day",), "there is no template 'frist-day'; did you mean 'first-day'"),
        (("zzz",), "there is no template 'zzz'; there are: attendance-concern"),
        (("first-day", "--channel", "letter"), "there are: email.en, sms.ar"),
        (("first-day", "--child", "sad"), "--child cannot be 'sad': use medical, send, carer, bereavement"),
        (("first-day", "--set", "chlid=x"), "write NAME=VALUE; did you mean 'child'"),
        (("first-day", "--set", "x"), "write NAME=VALUE; names: child, school"),
    ):
        done = firstbell("templates", "preview", *words)
        assert done.code == 2
        assert said in done.err


def test_test_holds_words_against_golden_files(firstbell: Firstbell) -> None:
    """Ours agree; a school's own may carry one; --accept writes it, and a change shows after that."""
    settings()
    assert firstbell("templates", "test").out == "35 templates, 0 otherwise than the golden file\n"
    folder = own_text("to be sure")
    assert firstbell("templates", "test", "templates").out.startswith("no templates")
    done = firstbell("templates", "test", "templates", "--accept")
    assert done.out.endswith("sms.en.golden: written\n1 golden file written anew\n")
    assert firstbell("templates", "test", "templates", "--accept", "--json").document == []
    assert firstbell("templates", "test", "templates").code == 0
    text = folder / "sms.en.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("to be sure", "to make sure"), encoding="utf-8")
    done = firstbell("templates", "test", "templates")
    assert done.code == 1
    assert "call the school office today to be sure. Ref" in done.out
    assert "+Ashgrove Academy: Amara and Ben" in done.out
    done = firstbell("templates", "test", "templates", "--json")
    assert [each["line"] for each in done.document["differences"]] == [4]
    (folder / "sms.en.golden").unlink()
    (folder / "sms.en.golden").mkdir()
    assert "sms.en.golden: cannot be written" in firstbell("templates", "test", "templates", "--accept").err


def test_a_wording_in_another_language_waits_for_a_translator(firstbell: Firstbell, tmp_path: Path) -> None:
    """The list says what waits; approved by somebody with the role it is in use."""
    assert "awaits a translator" in firstbell("templates", "list").out
    files = small_school()
    files["staff"] += ALINA
    write(tmp_path / "in", files)
    firstbell("init")
    assert firstbell("import", str(tmp_path / "in")).code == 0
    asked = ("templates", "approve", "first-day", "--channel", "sms", "--language", "polski", "--by", "Nowak")
    assert "--why" in firstbell(*asked).err
    done = firstbell(*asked, "--why", "read it with two families")
    assert done.out.startswith("first-day sms.pl, version ")
    assert done.out.endswith(", is approved by alina\n")
    assert firstbell(*asked, "--why", "again", "--json").document["why"] == "read it with two families"
    stands = {
        (each["name"], each["channel"], each["language"]): (each["stands"], each["usable"])
        for each in firstbell("templates", "list", "--json").document
    }
    assert stands["first-day", "sms", "pl"] == ("approved", True)
    assert stands["first-day", "sms", "cy"] == ("awaits a translator", False)
    assert stands["first-day", "sms", "en"] == ("in use", True)
    done = firstbell(*asked[:-1], "office", "--why", "it is right")
    assert done.code == 2


def test_the_list_shows_whose_a_wording_is(firstbell: Firstbell, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a school with its own the author and the date, and translations of ours do not fit it any more."""
    settings()
    own_text("to be sure")
    monkeypatch.setenv("COLUMNS", "220")
    assert "in use, by A. Okafor 2025-11-14" in firstbell("templates", "list", "--school", "S").out
    lines = firstbell("templates", "list", "--school", "S", "--json").document
    assert {each["stands"] for each in lines if each["name"] == "first-day"} == {
        "in use", "of another English wording",
    }  # fmt: skip
    assert "Okafor" not in firstbell("templates", "list").out
