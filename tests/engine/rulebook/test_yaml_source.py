"""Files that cannot be used as a whole, however odd, and words that stay words."""

from __future__ import annotations

import pytest
import yaml

from engine.rulebook.calendars import read_calendar
from engine.rulebook.yaml_source import read_yaml
from tests.engine.rulebook.trial import PACK, ids, messages, read

FILE_SLIPS = [
    ("", ["a.yaml:1:1: a mapping is expected here (lines of 'key: value')"]),
    ("only words", ["a.yaml:1:1: a mapping is expected here (lines of 'key: value')"]),
    ("rules: {}", ["a.yaml:1:1: the key 'pack' is missing"]),
    (
        "pack: a\nruls: {}",
        [
            "a.yaml:2:1: unknown key 'ruls'; did you mean 'rules'?",
            "keys allowed here: pack, title, thresholds, rules, triage, duties, runs, cohorts, tests",
        ],
    ),
    ("pack: a\nrules: [b]", ["a.yaml:2:1: rules: a mapping is expected here"]),
    ("pack: a\ntests: {b: c}", ["a.yaml:2:1: tests: a list is expected here (lines that begin with '- ')"]),
    (
        "pack: a\n\trules: {}",
        [
            "a.yaml:2:1: not readable as YAML: ",
            "check the indentation, quotes and colons of this line and the one above",
        ],
    ),
    ("pack: a\nrules: {", ["a.yaml:", "not readable as YAML"]),
    ("pack: 'a", ["a.yaml:", "not readable as YAML"]),
    ("pack: a\n--- \npack: b", ["a.yaml:2:1: not readable as YAML: but found another document"]),
    ("pack: \x01", ["a.yaml:1:7: not readable as YAML: ", "control characters are not allowed"]),
    ("pack: *nowhere", ["a.yaml:1:7: not readable as YAML: found undefined alias"]),
    ("pack: a\npack: b", ["a.yaml:2:1: the key 'pack' stands twice, first in line 1; keep one of the two"]),
    ("pack: a\nrules: {}\nrules: {}", ["a.yaml:3:1: the key 'rules' stands twice, first in line 2"]),
    ("? [a]\n: b", ["a.yaml:1:1: a key must be a single word or phrase"]),
    ("pack: a\nrules: {'': {}}", ["a.yaml:2:9: a rule needs a name"]),
    ("pack: " + "x" * 3_000_000, ["a.yaml:1:1: the file has more than 2,000,000 characters"]),
    (
        "pack: &a [*a]",
        ["a.yaml:1:7: the file is nested or repeated (by & and *) far beyond what a rule pack needs"],
    ),
    ("pack: " + "[" * 100_000, ["a.yaml:1:30: the file is nested or repeated"]),
    ("- " * 100_000, ["the file is nested or repeated"]),
    (
        "pack: a\nrules:\n  b: &b ["
        + "x, " * 99
        + "x]\n"
        + "".join(f"  {chr(c + 1)}: &{chr(c + 1)} [" + f"*{chr(c)}, " * 99 + "x]\n" for c in range(98, 102)),
        ["the file is nested or repeated"],
    ),
]


@pytest.mark.parametrize(("text", "words"), FILE_SLIPS, ids=[text[:40] for text, _ in FILE_SLIPS])
def test_a_slip_that_takes_a_whole_file_away_says_so(text: str, words: list[str]) -> None:
    """No file, however odd, raises, hangs or ends the process; it is named among the unusable ones."""
    book = read(text, ("trust", PACK))
    for each in words:
        assert each in messages(book)
    assert book.unusable_files == book.problems
    assert ids(book) == ["sound", "trial"]


def test_calendars_of_tests_are_held_to_the_same_words() -> None:
    """A slip in a calendar is named at its line."""
    calendar, problems = read_calendar("c.yaml", "school_hours: {am_opens: early}\nterms: []\nclosed: [soon]")
    assert calendar is None
    said = "\n".join(map(str, problems))
    assert "c.yaml:1:16: am_opens: 'early' is not a time; write it as \"08:40\"" in said
    assert "c.yaml:1:1: the key 'pm_closes' is missing" in said
    assert "c.yaml:3:10: item 1: 'soon' is not a date" in said
    assert read_calendar("c.yaml", "\t")[1][0].what.startswith("not readable as YAML")


@pytest.mark.parametrize("loader", [yaml.SafeLoader, yaml.CSafeLoader])
def test_words_stay_the_words_that_were_written(loader: type, monkeypatch: pytest.MonkeyPatch) -> None:
    """`on`, `no`, `10:00`, 007 stay what they are, only a blank is nothing, with libyaml and without."""
    monkeypatch.setattr("engine.rulebook.yaml_source._LOADER", loader)
    tree = read_yaml("a.yaml", "on: no\nat: 10:00\nyes: [007, 1e3, 2025-09-01]\nempty:\nquoted: '~'\nnull: ~")
    assert tree.data == {
        "on": "no",
        "at": "10:00",
        "yes": ["007", "1e3", "2025-09-01"],
        "empty": None,
        "quoted": "~",
        "null": None,
    }
    assert not tree.problems


def test_what_is_said_once_and_used_twice_is_read_twice() -> None:
    """An anchor within reason is an ordinary thing."""
    tree = read_yaml("a.yaml", "a: &a [1]\nb: *a")
    assert (tree.data, tree.problems) == ({"a": ["1"], "b": ["1"]}, [])


def test_an_empty_file_is_nothing_and_no_mistake_of_yaml() -> None:
    """What an empty file lacks is said by whoever needs it."""
    assert (read_yaml("a.yaml", "# nothing yet").data, read_yaml("a.yaml", "").problems) == (None, [])
