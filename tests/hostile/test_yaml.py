"""Rule packs, calendars and settings that are meant to hurt: named by file and line, and quickly."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

RULES = Path(__file__).parents[2] / "rules"
LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(c + 1)}: &{chr(c + 1)} [{', '.join([f'*{chr(c)}'] * 9)}]\n" for c in range(ord("a"), ord("l"))
)
RULE = """pack: own
rules:
  late:
    title: Late
    because: late
    subject: class
    when: {missing_marks: {over: today, at_least: 1}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
"""

ONE_RULE: list[tuple[str, str, str, str]] = [
    # what it is, words of the rule, what stands there instead, what is said
    ("a huge number", "at_least: 1", f"at_least: {'9' * 5_000}", "7:41: it has 5,000 characters"),
    ("1e999", "at_least: 1", "at_least: 1e999", "must be a number of 0 or more"),
    ("no number", "at_least: 1", "at_least: .nan", "there is no threshold '.nan'"),
    ("endless days", "due: same day", f"due: {'9' * 20} school days", "is not a due time"),
    ("endless minutes", "due: same day", "due: 99999999 minutes after close", "is not a due time"),
    ("endless weeks", "over: today", f"over: last {'9' * 20} school weeks", "is not a window"),
    ("endless digits", "over: today", f"over: last {'9' * 3_000} school weeks", "is not a window"),
    ("an endless cap", "autonomy: send", f"at_most: '{'9' * 3_000}'\n    autonomy: send", "is not a cap"),
    ("a tag", "title: Late", "title: !!python/object/apply:os.system [ls]", "a tag (!!python/object/apply"),
    ("a tag of one's own", "title: Late", "title: !mine Late", "a tag (!mine)"),
    ("an escape", "title: Late", 'title: "\\e[31mLate"', "it holds a control character"),
    ("an endless title", "title: Late", "title: " + "x" * 900_000, "it has 900,000 characters"),
    ("an endless name", "  late:", "  ? " + "x" * 1_000_000 + "\n  :", "1,000,000 characters, 100 are the"),
    ("a name with an escape", "  late:", '  "\\e[2Jlate":', "this key cannot be used: it holds a control"),
    ("an endless key", "title: Late", "x" * 900 + ": 1", "this key cannot be used: it has 900 characters"),
    ("a merge", "title: Late", "<<: {title: Late}", "unknown key '<<'"),
    (
        "a class of Python",
        "because: late",
        "because: '{missing_marks.__class__}'",
        "because names '__class__'",
    ),
    ("a key twice", "title: Late", "title: Late\n    title: Later", "the key 'title' stands twice"),
]


@pytest.mark.parametrize(
    ("old", "new", "said"), [row[1:] for row in ONE_RULE], ids=[row[0] for row in ONE_RULE]
)
def test_a_rule_that_cannot_be_meant_is_named_and_leaves_the_others_alone(
    firstbell: Firstbell, old: str, new: str, said: str
) -> None:
    """Exit 1, file and line, few words; the rule beside it and the shipped ones stand."""
    beside = RULE.removeprefix("pack: own\nrules:\n").replace("  late:", "  beside:")
    Path("own.yaml").write_text(RULE.replace(old, new) + beside, encoding="utf-8")
    done = firstbell("rules", "check", "own.yaml")
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()[:-1]
    assert any(said in line for line in lines)
    assert all(line.startswith("own.yaml:") and len(line) < 800 and "\x1b" not in line for line in lines)
    shown = {rule["id"] for rule in firstbell("rules", "show", "own.yaml", "--json").document["rules"]}
    assert {"beside", "absent-without-reason"} <= shown
    assert "late" not in shown


WHOLE_FILE: list[tuple[str, str | bytes, str]] = [
    ("laughs", f"pack: own\n{LAUGHS}", "far beyond what a rule pack needs"),
    ("laughs in thresholds", "pack: own\nthresholds:\n  " + LAUGHS.replace("\n", "\n  "), "far beyond"),
    ("ten thousand deep", "pack: own\nrules: " + "[" * 10_000, "own.yaml:2:31: the file is nested"),
    ("ten thousand dashes", "- " * 10_000 + "x", "own.yaml:1:49: the file is nested"),
    ("a merge without end", "pack: &p\n  rules: *p\n  <<: *p\n", "far beyond"),
    ("a tab", "pack: own\nrules:\n\tlate: {}\n", "own.yaml:3:1: not readable as YAML"),
    ("a tag on all of it", "!!python/object:os.system\npack: own\n", "own.yaml:1:1: a tag (!!python/object"),
    ("a key twice", f"{RULE}rules: {{}}\n", "own.yaml:10:1: the key 'rules' stands twice"),
    ("Windows-1252", b"pack: own\ntitle: caf\xe9\n", "own.yaml:2:11: the file is not UTF-8"),
    ("UTF-16", "pack: own\n".encode("utf-16"), "own.yaml:1:1: the file is not UTF-8"),
    ("NUL", "pack: own\ntitle: \0\n", "own.yaml:2:8: not readable as YAML: '\\x00'"),
    ("ten megabytes", "pack: own\n" + "# and so on\n" * 900_000, "more than 2,000,000 characters"),
]


@pytest.mark.parametrize(
    ("text", "said"), [row[1:] for row in WHOLE_FILE], ids=[row[0] for row in WHOLE_FILE]
)
def test_a_pack_that_cannot_be_used_is_named_and_the_other_packs_run(
    bell: Firstbell, monkeypatch: pytest.MonkeyPatch, text: str | bytes, said: str
) -> None:
    """`rules check` ends 1 with the place; a run tells the same and does what the sound packs say."""
    content = text if isinstance(text, bytes) else text.encode()
    Path("own.yaml").write_bytes(content)
    done = bell("rules", "check", "own.yaml")
    assert (done.code, said in done.out, len(done.out) < 2_000) == (1, True, True)
    Path("rules").mkdir()
    Path("rules/own.yaml").write_bytes(content)
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "rules")
    Path("rules/S.yaml").write_bytes(content)
    bell("import", str(write(Path("in"), small_school())))
    run = bell("run", "--as-of", "2025-11-21T09:20", "--json")
    assert (run.code, "its rules did not run" in run.err) == (0, True)
    assert "absent-without-reason" in {task["rule"] for task in run.document["tasks"]}


CALENDAR = (RULES / "calendars" / "hampshire-2025.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, "far beyond"),
        ("terms: " + "[" * 10_000, "is nested"),
        (CALENDAR.replace("2025-10-24", "9999-12-31"), "cannot be meant: it ends within a year"),
        (CALENDAR.replace("2025-10-24", "0001-01-01"), "cannot be meant: it ends within a year"),
        (CALENDAR.replace("2025-10-24", "2025-02-30"), "'2025-02-30' is not a date"),
    ],
    ids=["laughs", "deep", "a term of 8,000 years", "a term that ends first", "30 February"],
)
def test_a_calendar_that_cannot_be_meant_is_named(
    firstbell: Firstbell, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    """`rules check` ends 1 and names the calendar's file and line; the tests on other calendars run."""
    shutil.copytree(RULES, "rules")
    Path("rules/calendars/odd.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("FIRSTBELL_RULES_NATIONAL", "rules/england")
    done = firstbell("rules", "check")
    assert done.code == 1
    told = [line for line in done.out.splitlines() if line.startswith("rules/calendars/odd.yaml:")]
    assert [said in line for line in told] == [True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAUGHS, "config.yaml:1:"),
        ("store: " + "[" * 10_000, "config.yaml:1:"),
        ("store: sqlite:///a.db\nstore: sqlite:///b.db\n", "config.yaml:2:1: the key 'store' stands twice"),
        ("fuse: {floor: 1e999}\n", "'1e999' is not a whole number"),
        ("fuse: {floor: ٣}\n", "'٣' is not a whole number"),
        (f"fuse: {{floor: {'9' * 5_000}}}\n", "it has 5,000 characters"),
        ("store: !!python/object:os.system x\n", "a tag (!!python/object"),
        ('store: "sqlite:///\\e[2Jx"\n', "control character"),
        ("fuse:\n\tfloor: 3\n", "config.yaml:2:1: not readable as YAML"),
        ("? " + "x" * 900_000 + "\n: 1\n", "this key cannot be used"),
    ],
    ids=["laughs", "deep", "twice", "1e999", "digits", "huge", "tag", "escape", "tab", "key"],
)
def test_settings_that_cannot_be_meant_end_2(firstbell: Firstbell, text: str, said: str) -> None:
    """One line on standard error, with file, line and column, and nothing is opened."""
    Path("config.yaml").write_text(text, encoding="utf-8")
    done = firstbell("tasks")
    assert (done.code, done.out, said in done.err, len(done.err) < 800) == (2, "", True, True)
    assert not Path("school.db").exists()


def test_a_pipe_is_never_waited_for(bell: Firstbell, monkeypatch: pytest.MonkeyPatch) -> None:
    """Among the rule files it is passed over, named on the command line it is refused."""
    Path("rules").mkdir()
    os.mkfifo("rules/own.yaml")
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "rules")
    assert "rules/own.yaml" not in bell("rules", "check").out
    done = bell("rules", "check", "rules/own.yaml")
    assert (done.code, "this is no plain file" in done.err) == (2, True)


def test_a_rule_test_beyond_all_years_fails_in_words(firstbell: Firstbell) -> None:
    """Days past the year 9999 and marks that are no codes are differences, not crashes."""
    tests = "tests:\n" + "".join(
        f"  - {{name: {name}, as_of: {day}, calendar: hampshire-2025, marks: {{{day}: '{marks}'}}, "
        "expect: {late: matched}}\n"
        for name, day, marks in [("end", "9999-12-31", "// //"), ("odd", "2025-11-03", "ÿÿ")]
    )
    Path("own.yaml").write_text(RULE + tests, encoding="utf-8")
    done = firstbell("rules", "test", "own.yaml", "--json")
    assert done.code == 1
    said = [test["differences"] for test in done.document["tests"]]
    assert ["marks and a day that can be read" in difference[0] for difference in said] == [True, True]
