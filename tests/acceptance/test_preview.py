"""`firstbell rules preview` on a small school: what it says is what the run after the change does."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

RULES = Path(__file__).parents[2] / "rules"
AT = ("--as-of", "2025-11-21T09:20")
OWN = """pack: our-own
rules:
  a-session:
    title: A session today
    when: {{possible_sessions: {{over: today, at_least: 1}}}}
    because: "sessions today: {{possible_sessions.numerator}}"
    ladder: ours
    stage: 1
    autonomy: approve
    then:
      - task: {{do: ring home, by: {by}, due: same day}}
      - message: {{template: attendance-improved, channel: sms, purpose: praise}}
"""


@pytest.fixture
def school(firstbell: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small school judged once by a copy of the shipped rules; its folder of rules."""
    shutil.copytree(RULES, tmp_path / "rules")
    for layer in ("national", "trust", "schools"):
        folder = "england" if layer == "national" else layer
        monkeypatch.setenv(f"FIRSTBELL_RULES_{layer.upper()}", str(tmp_path / "rules" / folder))
    (tmp_path / "rules" / "schools").mkdir(exist_ok=True)
    write(tmp_path / "in", small_school())
    assert firstbell("init").code == 0
    assert firstbell("import", "in", "--recorded-at", "2025-11-21T09:15").code == 0
    assert firstbell("run", *AT).code == 0
    return tmp_path / "rules"


def test_a_new_rule_is_shown_by_name_and_then_does_what_was_shown(
    firstbell: Firstbell, school: Path, tmp_path: Path
) -> None:
    """Preview the draft, put it into the school's folder, run: the same child, task and words."""
    draft = tmp_path / "drafts" / "S.yaml"
    draft.parent.mkdir()
    draft.write_text(OWN.format(by="form_tutor"), encoding="utf-8")
    asked = ("rules", "preview", str(draft), "--school", "S", *AT)
    shown = firstbell(*asked)
    assert shown.code == 0
    assert "holds for 0 now, for 2 then: + 2" in shown.out
    assert "+ Noor [bold]Ash 8A: sessions today: 1" in shown.out
    assert "task for Tom Tutor, Fri 21 Nov 15:30: ring home" in shown.out
    assert "at most one message per pupil and day: a higher one goes" in shown.out
    assert "sms to +447700900002 once a person approves: Sample School: " in shown.out
    (told,) = firstbell(*asked, "--json").document["schools"]
    new = told["differences"]
    assert [(each["change"], each["name"]) for each in new] == [("+", "Noor [bold]Ash"), ("+", "Ben Oak")]
    rule = {"rule": "a-session", "matched": {"in_force": 0, "changed": 2}, "+": 2, "stopped": False}
    assert rule in told["rules"]
    assert firstbell("tasks", "--json", *AT).out.count("ring home") == 0, "nothing was written"

    shutil.copy(draft, school / "schools" / "S.yaml")
    ran = firstbell("run", "--json", *AT).document
    assert ran["rulebook"] == told["changed"]
    for made in ("tasks", "messages"):
        shown_then = [item for each in new for item in each["changed"][made]]
        assert sorted(ran[made], key=str) == sorted(shown_then, key=str)

    again = firstbell("rules", "preview", *AT)
    assert "The changed rules are those in force" in again.out


def test_a_file_changed_where_it_stands_is_held_against_the_last_run(
    firstbell: Firstbell, school: Path
) -> None:
    """A head of year edits the file itself: preview still knows what it said."""
    pack = school / "trust" / "first-days.yaml"
    pack.write_text(
        pack.read_text(encoding="utf-8").replace("code N today", "no reason today"), encoding="utf-8"
    )
    quiet = firstbell("rules", "preview", str(pack), *AT)
    assert "0 differences" in quiet.out
    text = pack.read_text(encoding="utf-8")
    pack.write_text(
        text.replace("codes: unexplained, at_least: 1", "codes: unexplained, at_least: 2"), "utf-8"
    )
    for words in ((str(pack),), ()):
        shown = firstbell("rules", "preview", *words, *AT)
        assert "- Noor [bold]Ash 8A: sessions: 1 sessions, the rule needs at least 2" in shown.out


def test_a_mistake_is_said_and_nothing_is_previewed(
    firstbell: Firstbell, school: Path, tmp_path: Path
) -> None:
    """Its own mistakes by file and line, also those with roles and templates; exit 1."""
    draft = tmp_path / "drafts" / "ours.yaml"
    draft.parent.mkdir()
    draft.write_text(OWN.format(by="form_tuto"), encoding="utf-8")
    done = firstbell("rules", "preview", str(draft), *AT)
    assert (done.code, done.out) == (1, "")
    assert (
        "ours.yaml:3:3: a-session: nobody can have the role 'form_tuto'; did you mean 'form_tutor'?"
        in done.err
    )
    told = firstbell("rules", "preview", str(draft), "--json", *AT).document
    assert (told["schools"], [problem["rule"] for problem in told["problems"]]) == ([], ["a-session"])


def test_a_store_without_a_school_has_nothing_to_preview(firstbell: Firstbell) -> None:
    """What to do is said."""
    firstbell("init")
    done = firstbell("rules", "preview")
    assert (done.code, "firstbell import PATH" in done.err) == (2, True)
