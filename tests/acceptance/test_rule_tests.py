"""`firstbell rules test` as somebody who writes rules drives it: failures, missing cases, survivors."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell

PACK = """# Our own: the head of year asked for it in March
pack: own
rules:
  often-late:
    title: Often late
    because: late today
    when: {late_sessions: {over: last 5 school days, at_least: 3}}
    autonomy: send
    then: [{task: {do: ask, by: form_tutor, due: 2 school days}}]
tests:
  - name: three times in a week   # as agreed
    calendar: hampshire-2025
    as_of: 2025-11-14T16:00
    marks: {2025-11-10: "L/ L/ L/"}
    expect: {often-late: matched}
"""
_OFTEN_LATE = ("rules", "test", "often-late.yaml")


@pytest.fixture
def ran(firstbell: Firstbell) -> Firstbell:
    """The command line beside a pack of its own."""
    Path("often-late.yaml").write_text(PACK, encoding="utf-8")
    return firstbell


def test_a_failure_is_one_line_with_file_name_and_difference(ran: Firstbell) -> None:
    """File:line, what the test is called, what was expected and what came: for eyes and for an editor."""
    Path("often-late.yaml").write_text(
        PACK.replace("matched}", "{result: matched, stage: 2}}"), encoding="utf-8"
    )
    done = ran(*_OFTEN_LATE)
    assert done.code == 1
    assert "often-late.yaml:11: three times in a week: often-late: expected stage 2, was 1\n" in done.out


def test_boundary_cases_are_shown_then_accepted_and_the_file_holds(ran: Firstbell) -> None:
    """--edges shows what --accept appends; all else in the file stays, byte for byte, and its first mark."""
    path = Path("often-late.yaml")
    path.write_bytes(b"\xef\xbb\xbf" + PACK.encode())
    shown = ran(*_OFTEN_LATE, "--edges")
    assert (shown.code, path.read_bytes()) == (0, b"\xef\xbb\xbf" + PACK.encode())
    assert "  - name: Often late, one session short of the threshold\n" in shown.out
    named = [case["name"] for case in ran("rules", "test", "--edges", "often-late.yaml", "--json").document]
    assert "Often late, last day of term" in named
    done = ran(*_OFTEN_LATE, "--edges", "--accept")
    assert (done.code, f"often-late.yaml: {len(named)} tests added" in done.err) == (0, True)
    cases = shown.out.partition("# often-late.yaml\n")[2]
    assert path.read_bytes() == b"\xef\xbb\xbf" + (PACK + cases).encode()
    tested = ran(*_OFTEN_LATE)
    assert (tested.code, f"{len(named) + 1} rule tests passed, 0 failed" in tested.out) == (0, True)


@pytest.mark.usefixtures("few_rules")
def test_what_nobody_noticed_is_listed_and_its_tests_make_the_pack_good(ran: Firstbell) -> None:
    """Survivors with file:line and a test each, exit 1 below 95 %; accepted, the score is good."""
    done = ran(*_OFTEN_LATE, "--mutate")
    assert done.code == 1
    assert (
        "often-late.yaml:7: often-late: late_sessions: at_least became exactly\n    - name: Often late, "
        in done.out
    )
    assert "(below 95 %)" in done.out
    (score,) = ran(*_OFTEN_LATE, "--mutate", "--json").document
    assert score["tried"] - score["noticed"] == len(score["survivors"])
    assert all("often-late" in survivor["test"] for survivor in score["survivors"])
    ran(*_OFTEN_LATE, "--mutate", "--accept")
    (better,) = ran(*_OFTEN_LATE, "--mutate", "--json").document
    assert better["percent"] >= 95 > score["percent"]


def test_words_name_files_packs_and_rules(ran: Firstbell) -> None:
    """A rule by its id, a pack by its name; what is neither is a file that is not there."""
    names = {
        case["name"].partition(",")[0]
        for case in ran("rules", "test", "--edges", "absence-day-3", "--json").document
    }
    assert names == {"Third day of absence"}
    tests = ran("rules", "test", "absence-day-3", "--json").document["tests"]
    assert {test["file"].rpartition("/")[2] for test in tests} == {"first-days.yaml"}
    assert 0 < len(tests) < len(ran("rules", "test", "trust-first-days", "--json").document["tests"])
    own = ran(*_OFTEN_LATE, "often-late", "--edges", "--json").document
    assert {case["name"].partition(",")[0] for case in own} == {"Often late"}
    nothing = ran("rules", "test", "absence-day-33")
    assert (nothing.code, "absence-day-33" in nothing.err) == (2, True)


def test_a_file_that_takes_nothing_says_why(ran: Firstbell) -> None:
    """Tests in brackets, or a file that cannot be written: exit 2, the reason, the file as it was."""
    path = Path("often-late.yaml")
    path.write_text(PACK[: PACK.index("tests:")] + "tests: []\n", encoding="utf-8")
    done = ran(*_OFTEN_LATE, "--edges", "--accept")
    assert (done.code, "nothing was added: its tests are not a list" in done.err) == (2, True)
    assert path.read_text(encoding="utf-8").endswith("tests: []\n")
    alone = ran("rules", "test", "--accept")
    assert (alone.code, "name one of them too" in alone.err) == (2, True)
