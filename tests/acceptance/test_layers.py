"""What a school says otherwise, from the command line: check, show and diff tell one story."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

OWN = """pack: own
thresholds:
  near_persistent:
    title: Near-persistent absence begins, in percent of possible sessions
    unit: percent
    values: {2026-01-05: 4}
    changed_by: {who: A. Okafor, why: agreed with heads of year, review: 2026-07-01}
overrides:
  improved-attendance:
    off: true
    changed_by: {who: A. Okafor, why: praise is given in assembly, review: 2020-07-01}
"""
STORY = (
    "Near-persistent absence begins at 4 percent, was 5, from 5 January 2026 "
    "(A. Okafor: agreed with heads of year; to be looked at again by 1 July 2026)"
)


PASSED = "; to be looked at again by 1 July 2020"


@pytest.fixture
def own(firstbell: Firstbell, monkeypatch: pytest.MonkeyPatch) -> Firstbell:
    """School S, judged once by the shipped rules, then with a pack of its own."""
    Path("schools").mkdir()
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "schools")
    write(Path("in"), small_school())
    assert firstbell("import", "in").code == 0
    assert firstbell("run", "--as-of", "2025-11-21T09:20").code == 0
    Path("schools/S.yaml").write_text(OWN, encoding="utf-8")
    return firstbell


def test_a_school_against_its_trust(own: Firstbell) -> None:
    """Who changed what, why, until when: as sentences and as a document; 1 because they differ."""
    done = own("rules", "diff", "--school", "S")
    assert done.code == 1
    gone = "Turned off: Attendance has improved (improved-attendance)"
    assert done.out.splitlines() == [
        "From the trust's rules to S:",
        f"  {STORY}",
        f"  {gone} (A. Okafor: praise is given in assembly{PASSED})",
        "2 differences.",
    ]
    document = own("rules", "diff", "--school", "S", "--json").document
    first, second = document["differences"]
    assert (document["to"]["called"], first["sentence"]) == ("S", STORY)
    assert {first[key] for key in ("now", "was", "from", "who")} == {"4", "5", "2026-01-05", "A. Okafor"}
    assert (second["how"], second["now"], second["from"]) == ("removed", None, None)


def test_versions_files_and_folders_are_held_beside_each_other(own: Firstbell) -> None:
    """The version of the last run, a file against what is in force, a folder of all layers: one story."""
    version = own("rules", "show", "--json").document["version"]
    assert STORY in own("rules", "diff", version[:8], "schools/S.yaml").out
    assert STORY in own("rules", "diff", "schools/S.yaml").out
    rules = str(Path(__file__).parents[2] / "rules")
    same = own("rules", "diff", rules, version)
    assert (same.code, same.out.splitlines()[-1]) == (0, "No difference.")
    torn = Path("torn.yaml")
    torn.write_text("pack: torn\nrulse: {}\n", encoding="utf-8")
    assert (
        "left out of torn.yaml: torn.yaml:2:1: unknown key 'rulse'" in own("rules", "diff", "torn.yaml").err
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "name two files, folders or versions, or one against what is in force, or --school"),
        ("nowhere.yaml", "nowhere.yaml: there is no such file or folder"),
        ("abcdef", "abcdef: no rules of this version have run; versions: "),
    ],
)
def test_what_cannot_be_held_beside_anything_is_said(own: Firstbell, words: str, said: str) -> None:
    """One sentence, exit 2, nothing on standard output."""
    done = own("rules", "diff", *words.split())
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_show_and_check_know_who_changed_what(own: Firstbell) -> None:
    """Each value with its layer and line; a review that is overdue is a note, and no mistake."""
    document = own("rules", "show", "--school", "S", "--json").document
    (threshold,) = (each for each in document["thresholds"] if each["name"] == "near_persistent")
    assert [(each["from"], each["layer"]) for each in threshold["values"]] == [
        (None, "national"),
        ("2026-01-05", "school"),
    ]
    assert threshold["values"][1]["place"] == "schools/S.yaml:3"
    changed, off = document["changes"]
    assert (changed["said"], changed["who"], changed["review"]) == (
        "4 percent from 5 January 2026",
        "A. Okafor",
        "2026-07-01",
    )
    assert (off["name"], off["said"], document["off"]) == (*("improved-attendance", "off"), [off["name"]])
    shown = " ".join(own("rules", "show", "--school", "S").out.split())
    assert "schools/S.yaml:3" in shown
    assert "A. Okafor: agreed" in shown
    done = own("rules", "check")
    assert (done.code, "no mistakes" in done.out) == (0, True)
    assert off["overdue"]
    assert "note: schools/S.yaml:9:3: improved-attendance: this change was to be looked at again" in done.err


def test_a_copy_of_a_shipped_pack_stands_in_its_layer(own: Firstbell) -> None:
    """Edited beside the rules, the law's own pack is still the law's: the school cannot go round it."""
    legal = (Path(__file__).parents[2] / "rules/england/legal.yaml").read_text(encoding="utf-8")
    Path("edited.yaml").write_text(legal.replace("by: dsl", "by: headteacher"), encoding="utf-8")
    done = own("rules", "diff", "edited.yaml", "--json").document
    (found,) = done["differences"]
    assert (found["name"], found["now"], found["was"]) == ("joint-enquiries", "headteacher", "dsl")
    rules = own("rules", "show", "edited.yaml", "--json").document["rules"]
    layers = {each["id"]: each["layer"] for each in rules}
    assert layers["joint-enquiries"] == "national"


def test_the_schema_for_editors_is_one_document(own: Firstbell) -> None:
    """Rules schema prints a JSON Schema: sections, hover text, nothing else on standard output."""
    document = own("rules", "schema").document
    assert {"pack", "rules", "overrides", "tests"} <= set(document["properties"])
    assert document["$defs"]["TaskShape"]["properties"]["by"]["description"] == "The role that does it."


def test_the_law_says_no_by_its_name(own: Firstbell) -> None:
    """The attempt is refused at its line with the regulation, and the school goes by the law."""
    Path("schools/S.yaml").write_text(
        "pack: own\noverrides:\n  joint-enquiries:\n    off: true\n"
        "    changed_by: {who: A. Okafor, why: too many letters}\n",
        encoding="utf-8",
    )
    done = own("rules", "check")
    assert done.code == 1
    assert "schools/S.yaml:4:5: off in joint-enquiries is set by School Attendance (Pupil Reg" in done.out
    assert "(SI 2024/208), regulation 9 (" in done.out
    rules = {rule["id"] for rule in own("rules", "show", "--school", "S", "--json").document["rules"]}
    assert "joint-enquiries" in rules
