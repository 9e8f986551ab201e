"""Names that are markup, templates, formulas and escapes: shown as they are written, and nothing more."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

NAMES = [
    "<b>Bo</b>", "{{ 7*7 }}", "{% include 'x' %}", "[bold red]Zed[/]", "[/]", "[link=http://x]Y[/link]",
    ":cat:", "=HYPERLINK(1)", "+44", "@SUM(A1)", "-2+3", "＝SUM(1)", "%s {0} {child}", "$(reboot)",
    "O'Brien & \"Q\"", "a,b;c", "Łukasz", "\u202eevil\u202c", "\x1b[31mRed\x1b[0m", "New\nLine",
    "\u200bUnseen",
]  # fmt: skip
SHOWN = [
    *NAMES[:-4],
    "evil", "[31mRed [0m", "New Line", "Unseen",
]  # fmt: skip
NINE = "2025-11-03T09:20"
OBEYED = {*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u202a\u202b\u202c\u202d\u202e\u200b"} - {
    "\n"
}


@pytest.fixture
def school(bell: Firstbell) -> Firstbell:
    """A pupil, a contact, a member of staff, a form and a note of each name; on the first day all are N."""
    rows: dict[str, list[list[str]]] = {
        "pupils": [["upn", "school_id", "first_name", "last_name", "date_of_birth", "year_group", "form",
                    "admitted_on", "key_adult"]],
        "contacts": [["contact_id", "upn", "name", "relationship", "parental_responsibility", "lives_with",
                      "priority", "phone"]],
        "staff": [["staff_id", "school_id", "name", "roles", "covers"]],
        "history": [["upn", "school_id", "kind", "on", "note"]],
        "marks": [["upn", "date", "session", "code"]],
    }  # fmt: skip
    for number, name in enumerate(NAMES):
        upn, adult = f"P{number:02}", f"t{number}"
        rows["pupils"].append([upn, "S", name, name, "2013-05-01", "8", name, "2024-09-01", adult])
        rows["contacts"].append([name, upn, name, name, "1", "1", "1", f"07700 9001{number:02}"])
        rows["staff"].append([adult, "S", name, "form_tutor", name])
        rows["history"].append([upn, "S", "meeting", "2025-10-01", name])
        rows["marks"] += [[upn, "2025-11-03", half, "N"] for half in ("AM", "PM")]
    folder = write(Path("in"), small_school(2))
    for kind, lines in rows.items():
        with (folder / f"{kind}.csv").open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(lines)
    done = bell("import", "in", "--json")
    assert (done.code, done.document["refused"]) == (0, 0)
    assert bell("run", "--as-of", NINE).code == 0
    return bell


SCREENS = [
    ("tasks", "--as-of", NINE),
    ("explain", "--as-of", NINE, "--rule", "absent-without-reason"),
    ("run", "--as-of", "2025-11-03T13:20"),
    ("outbox", "list"),
    ("ledger", "show", "--last", "0"),
]


@pytest.mark.parametrize("words", SCREENS, ids=lambda words: " ".join(words[:2]))
def test_no_screen_obeys_a_name(
    school: Firstbell, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """Brackets, colons and braces stand as they are; not one character that moves a terminal gets out."""
    monkeypatch.setattr("adapters.cli.screen._WITHOUT_TERMINAL", 400)
    done = school(*words)
    assert done.code == 0
    assert not OBEYED & set(done.out + done.err)
    if words[0] in {"tasks", "outbox"}:
        assert [name for name in SHOWN if name not in done.out] == []


def test_names_are_exact_in_json_and_literal_in_texts(school: Firstbell) -> None:
    """The list and the texts hold each name letter by letter; none is run as a template."""
    pupils = {task["pupil"] for task in school("tasks", "--as-of", NINE, "--json").document}
    assert pupils == {f"{name} {name}" for name in SHOWN}
    texts = {m["contact_id"]: m["text"] for m in school("outbox", "list", "--json").document}
    assert {name for name in SHOWN if f": {name} was marked absent" in texts[name]} == set(SHOWN)
    assert "49" not in "".join(texts.values())


def test_no_cell_of_a_spreadsheet_is_a_formula(school: Firstbell) -> None:
    """Neither the task list as CSV nor the quarantine begins a cell with a formula."""
    Path("bad").mkdir()
    with Path("bad/pupils.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows(
            [
                ["upn", "school_id", "first_name", "last_name", "year_group", "admitted_on"],
                *([name, name, name, name, name, name] for name in NAMES),
            ]
        )
    assert school("import", "bad").code == 2
    (report,) = Path("quarantine").glob("*.csv")
    listed = school("tasks", "--as-of", NINE, "--csv")
    assert listed.code == 0
    for text in (listed.out, report.read_text(encoding="utf-8")):
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert len(cells) > len(NAMES)
        assert [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@", "＝"))] == []
        assert not OBEYED - {"\r"} & set(text)


def test_a_school_whose_id_is_markup_runs(bell: Firstbell) -> None:
    """An id like `[/]` would be a fault of rich markup: it is a name like any other."""
    files = {name: text.replace("S,", "[/],") for name, text in small_school().items() if name != "terms"}
    bell("import", str(write(Path("in"), files)))
    done = bell("run", "--as-of", "2025-11-21T09:20")
    assert (done.code, "[/]: 2 on roll of 2 known" in done.out) == (0, True)


def test_no_pupil_takes_the_name_of_a_class(bell: Firstbell) -> None:
    """`class:8A` is the class among the subjects of rules: a pupil called so would be mistaken for it."""
    files = small_school(2)
    files["pupils"] += "class:8A,S,Cy,Cedar,2013-05-01,8,8A,2024-09-01\n"
    done = bell("import", str(write(Path("in"), files)), "--json")
    assert (done.code, done.document["refused"]) == (0, 1)
