"""Near: pupils a few sessions short of a rule, the nearest first; what is said of them comes true."""

from __future__ import annotations

from typing import Any

import pytest

from engine.instants import read_instant
from tests.workflows.story import Story, pupil
from workflows.nearest import near
from workflows.subjects import NotKnown

RULE = "penalty-notice-threshold"
MONDAY = read_instant("2025-11-10T16:00")


@pytest.fixture
def nearly(story: Story) -> Story:
    """Eight sessions without leave, nine, and none; Monday is over."""
    before = {"P1": "OO OO OO OO", "P2": "OO OO OO OO O/"}
    story.opens(pupil("P1"), pupil("P2"), pupil("P3"), before=before).register("2025-11-10T09:15")
    return story


def lines(story: Story, within: int, *rules: str, schools: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Who is near, as of Monday's end."""
    return near(story.store, story.library, MONDAY, story.now, within, rules, schools)


def test_the_nearest_comes_first_with_what_is_missing_and_when(nearly: Story) -> None:
    """One short could be there on Tuesday morning, two short on Tuesday afternoon; none is not near."""
    first, second = lines(nearly, 2, RULE)
    assert first == {
        "upn": "P2",
        "who": "KitP2 Kite",
        "class": "8A",
        "school_id": "S",
        "rule": RULE,
        "title": nearly.library.for_school("S").rule(RULE).title,
        "more": 1,
        "unit": "sessions",
        "codes": ["G", "N", "O", "U"],
        "earliest": {"date": "2025-11-11", "session": "AM"},
        "sentence": "1 more session of code G, N, O or U, at the earliest Tue 11 Nov AM",
    }
    assert (second["upn"], second["more"], second["earliest"]["session"]) == ("P1", 2, "PM")
    assert second["sentence"] == "2 more sessions of code G, N, O or U, at the earliest Tue 11 Nov PM"
    assert [line["upn"] for line in lines(nearly, 1, RULE)] == ["P2"]
    everything = lines(nearly, 2, schools=("S",))
    assert [line["more"] for line in everything] == sorted(line["more"] for line in everything)
    assert {first["rule"]} < {line["rule"] for line in everything}


def test_what_is_said_comes_true(nearly: Story) -> None:
    """The two sessions come on Tuesday, and the rule holds."""
    (told,) = [line for line in lines(nearly, 2, RULE) if line["upn"] == "P1"]
    nearly.register("2025-11-11T09:15", P1="OO")
    assert nearly.explain("2025-11-11T12:00", "P1", RULE)["result"] == "not_matched"
    assert nearly.explain(f"{told['earliest']['date']}T16:00", "P1", RULE)["result"] == "matched"


def test_explain_says_it_of_a_rule_that_does_not_hold(nearly: Story) -> None:
    """Beside the shortfall; nothing where it is not near, or where it cannot be sure."""
    at = "2025-11-10T16:00"
    told = nearly.explain(at, "P1", RULE)["nearest"]
    assert isinstance(told, dict)
    assert (told["more"], told["earliest"]) == (2, {"date": "2025-11-11", "session": "PM"})
    assert nearly.explain(at, "P3", RULE)["nearest"] is None
    assert nearly.explain(at, "P1", "severe-absence")["nearest"] is None


def test_a_name_that_is_nowhere_is_told(nearly: Story) -> None:
    """A rule, a school: never an empty list for a slip of the pen."""
    with pytest.raises(NotKnown, match="there is no rule 'penalty'; rules: absence-day-1"):
        lines(nearly, 2, "penalty")
    with pytest.raises(NotKnown, match="no school 'T' in the store; schools: S"):
        lines(nearly, 2, schools=("T",))
