"""Tests put into the text of a pack: what stands there stays, byte for byte."""

from __future__ import annotations

import pytest

from engine.accepted import accepted
from engine.inference.agree import Inference
from engine.rulebook import shapes
from engine.rulebook.rulebook import Source, read_rulebook
from engine.rulebook.yaml_source import read_yaml
from engine.ruletests import read_tests
from engine.written_tests import NoPlace, with_tests, written
from tests.engine import shipped

HEAD = """# ours
pack: tried   # as always
rules:
  tried:
    title: Tried
    because: "late today"
    when: {late_sessions: {over: today, at_least: 1}}
    autonomy: send
    then: [{task: {do: look, by: office, due: same day}}]
"""
TESTS = """
# what it means
tests:
  - name: one   # said by Ms Okafor
    calendar: hampshire-2025
    as_of: 2025-09-08T16:00
    marks: {2025-09-08: 'L/'}

    expect:
      tried: matched   # yes

"""
NEW = """  - name: nobody, late
    calendar: hampshire-2025
    as_of: 2025-09-08T16:00
    marks: {}
    expect: {tried: not_matched}
"""


def shape(**said: object) -> shapes.TestShape:
    """A test that the rule passes."""
    data = {
        "calendar": "hampshire-2025",
        "as_of": "2025-09-08T16:00",
        "marks": {},
        "expect": {"tried": "not_matched"},
    }
    return shapes.TestShape.model_validate({"name": "nobody, late", **data, **said})


@pytest.mark.parametrize(
    ("text", "then"),
    [
        (HEAD + TESTS, HEAD + TESTS[:-1] + NEW + "\n"),
        (HEAD + TESTS + "# the end", HEAD + TESTS[:-1] + NEW + "\n# the end"),
        (HEAD, f"{HEAD}\ntests:\n{NEW}"),
        (HEAD[:-1], f"{HEAD}\ntests:\n{NEW}"),
        ((HEAD + TESTS).rstrip(), (HEAD + TESTS).rstrip() + "\n" + NEW),
        ("tests:\n- name: first\n" + HEAD, "tests:\n- name: first\n" + NEW.replace("\n  ", "\n")[2:] + HEAD),
        ((HEAD + TESTS).replace("\n", "\r\n"), (HEAD + TESTS[:-1] + NEW + "\n").replace("\n", "\r\n")),
        (HEAD.replace("\n", "\r\n"), f"{HEAD}\ntests:\n{NEW}".replace("\n", "\r\n")),
        ("", f"\ntests:\n{NEW}"),
    ],
)
def test_new_tests_stand_after_the_last_and_nothing_else_moves(text: str, then: str) -> None:
    """Comments, quotes, blank lines, line ends, keys after the tests: all as they were."""
    assert with_tests(text, [shape()]) == then


@pytest.mark.parametrize("tests", ["tests: []\n", "tests: [{name: one}]\n", "tests: {}\n", "tests:\n"])
def test_tests_in_brackets_are_left_to_a_person(tests: str) -> None:
    """Nothing is guessed about a list that has no line for each test."""
    with pytest.raises(NoPlace, match="write 'tests:' and the first below it"):
        with_tests(HEAD + tests, [shape()])


@pytest.mark.parametrize(
    ("said", "lines"),
    [
        ({"name": "a: b, c"}, ['  - name: "a: b, c"']),
        ({"name": "100 %, of 20 (half)"}, ["  - name: 100 %, of 20 (half)"]),
        ({"name": "null"}, ['  - name: "null"']),
        (
            {"pupil": {"left_on": "2025-10-01", "flags": "a, b"}},
            ['    pupil: {left_on: 2025-10-01, flags: ["a, b"]}'],
        ),
        (
            {"present_otherwise": False, "done": {"x": {1: "2025-09-01"}}},
            ["    present_otherwise: false", "    done: {x: {1: 2025-09-01}}"],
        ),
        (
            {"history": [{"kind": "hold", "on": "2025-09-01", "from": "2025-09-01", "outcome": "w" * 90}]},
            [
                "    history:",
                f"      - {{kind: hold, on: 2025-09-01, from: 2025-09-01, outcome: {'w' * 90}}}",
            ],
        ),
        (
            {"corrected": {"2025-09-08": " ".join(["L/"] * 20), "2025-11-03": " ".join(["L/"] * 20)}},
            ["    corrected:", f'      2025-11-03: "{" ".join(["L/"] * 20)}"'],
        ),
    ],
)
def test_a_test_is_written_so_that_it_reads_back_as_it_was(said: dict[str, object], lines: list[str]) -> None:
    """Short parts on one line, long ones below each other, quotes where YAML needs them."""
    wanted = shape(**said)
    text = written(wanted)
    assert [line for line in lines if line not in text.splitlines()] == []
    tree = read_yaml("t.yaml", f"tests:\n{text}")
    assert isinstance(tree.data, dict)
    read = tree.data["tests"]
    assert isinstance(read, list)
    assert shapes.TestShape.model_validate(read[0]) == wanted


def test_accepted_tests_have_names_of_their_own_and_hold() -> None:
    """A name that is taken gets a number; the file is read again with what was added."""
    source = Source("trust", "tried.yaml", HEAD + TESTS)
    book = read_rulebook([source])
    new = accepted(
        source,
        book,
        [shape(name="one"), shape(name="one"), shape(name="two")],
        shipped.calendars(),
        Inference(),
    )
    assert [test.name for test in read_tests(new, book)[0]] == ["one", "one, case 2", "one, case 3", "two"]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (shape(expect={"tried": "matched"}), "nobody, late: tried: expected matched, was not_matched"),
        (shape(expect={"tired": "matched"}), "there is no rule 'tired'; did you mean 'tried'"),
    ],
)
def test_a_file_that_would_not_hold_takes_nothing(wrong: shapes.TestShape, why: str) -> None:
    """What is added passes, or nothing is added and the reason is said."""
    source = Source("trust", "tried.yaml", HEAD + TESTS)
    with pytest.raises(NoPlace, match=why):
        accepted(source, read_rulebook([source]), [wrong], shipped.calendars(), Inference())


def test_a_text_that_would_read_otherwise_takes_nothing() -> None:
    """Tests behind an alias come twice: what was written is not what is read, so nothing is written."""
    text = HEAD + "tests:\n  - &a\n    name: one\n    calendar: hampshire-2025\n    as_of: 2025-09-08T16:00\n"
    text += "    marks: {}\n    expect: {tried: not_matched}\n"
    source = Source("trust", "tried.yaml", text.replace("rules:", "rules: &r"))
    new = accepted(source, read_rulebook([source]), [shape()], shipped.calendars(), Inference())
    assert new.text.startswith(source.text)
