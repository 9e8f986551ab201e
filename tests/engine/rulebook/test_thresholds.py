"""Thresholds through the layers: dates, bounds, locks, and slips that leave the value above in force."""

from __future__ import annotations

from datetime import date

import pytest

from engine.rulebook.model import Threshold
from engine.rulebook.rulebook import LAYERS, Source, read_rulebook, version_of
from tests.engine.rulebook.trial import PACK, ids, messages, read


def threshold(
    name: str = "few", values: str = "{always: 5}", unit: str = "school days", more: str = ""
) -> str:
    """A pack of a lower layer that sets one threshold anew."""
    return (
        f"pack: below\nthresholds:\n  {name}:\n    title: T\n    unit: {unit}\n    values: {values}\n"
        f"    changed_by: {{who: A. Okafor, why: agreed}}\n{more}"
    )


THRESHOLD_SLIPS = [
    (
        threshold("tenth", "{always: 8}", "percent"),
        [
            "trust.yaml:3:3: tenth is locked by a.yaml:9 (Attendance Act 2031)",
            "take this threshold out of the file",
        ],
    ),
    (
        threshold(values="{always: 11}"),
        ["trust.yaml:6:14: 11 is outside 2 to 10, the bounds set by a.yaml:3 (Attendance Act 2030)"],
    ),
    (threshold(values="{2025-09-01: 5, 2026-01-05: 1.5}"), ["trust.yaml:6:", "1.5 is outside 2 to 10"]),
    (
        threshold(more="    bounds: [0, 50]\n"),
        ["trust.yaml:8:", "0 is outside 2 to 10", "50 is outside 2 to 10"],
    ),
    (threshold(unit="sessions"), ["trust.yaml:5:5: few is in school days at a.yaml:3, here in sessions"]),
    (
        threshold().replace("    changed_by: {who: A. Okafor, why: agreed}\n", ""),
        [
            "trust.yaml:3:3: an override of few must say who changed it and why",
            "add 'changed_by: {who: ..., why: ..., review: 2026-07-01}'",
        ],
    ),
    (
        threshold(values="{always: 5.125}"),
        ["trust.yaml:6:14: 5.125 must be a number of 0 or more with at most two decimals"],
    ),
    (
        threshold("share", "{always: 108}", "percent"),
        ["trust.yaml:6:14: 108 percent cannot be reached: a share goes from 0 to 100"],
    ),
    (
        threshold("share", "{always: 8}", "percent", "    bounds: [0, 108]\n"),
        ["trust.yaml:8:5: 108 percent cannot be reached"],
    ),
    (threshold(values="{always: -5}"), ["trust.yaml:6:14: -5 must be a number of 0 or more"]),
    (threshold(values="{always: many}"), ["trust.yaml:6:14: always: 'many' is not a number"]),
    (
        threshold(values="{from now: 5}"),
        ["trust.yaml:6:14: 'from now' is neither a date (2025-09-01) nor 'always'"],
    ),
    (threshold(values="{}"), ["trust.yaml:6:5: values: ", "at least one is needed here"]),
    (threshold(more="    bounds: [5]\n"), ["trust.yaml:8:5: item 2 is missing"]),
    (
        threshold(more="    bounds: [9, 3]\n"),
        ["trust.yaml:8:5: bounds are two numbers of 0 or more", "the lower one first"],
    ),
    (threshold(more="    bounds: [2.125, 9]\n"), ["trust.yaml:8:5: bounds are two numbers"]),
    (
        threshold().replace("who: A. Okafor", "whoo: A. Okafor"),
        ["trust.yaml:7:", "unknown key 'whoo'; did you mean 'who'?; keys allowed here: who, why, review"],
    ),
]


@pytest.mark.parametrize(
    ("text", "words"), THRESHOLD_SLIPS, ids=[" ".join(words)[:60] for _, words in THRESHOLD_SLIPS]
)
def test_an_override_that_is_refused_leaves_the_value_above_in_force(text: str, words: list[str]) -> None:
    """A slip in a threshold is named; the rules go on with the number of the layer above."""
    book = read(PACK, ("trust", text))
    for each in words:
        assert each in messages(book)
    assert (book.thresholds, ids(book)) == (read(PACK).thresholds, ["sound", "trial"])


def test_a_threshold_of_its_own_that_is_broken_takes_its_rules_away() -> None:
    """Without a value above there is nothing to go on with: the rule says so too."""
    book = read(PACK.replace("values: {always: 10}", "values: {always: ten}"))
    assert "a.yaml:12:14: always: 'ten' is not a number" in messages(book)
    assert "there is no threshold 'tenth'" in messages(book)
    assert ids(book) == ["sound"]


def test_a_threshold_may_not_ask_for_a_longer_run_than_is_counted() -> None:
    """A number behind a name is looked at like a plain one."""
    text = PACK.replace("2026-01-05: 4.5", "2026-01-05: 80").replace(
        "{codes: [N], above", "{codes: [N], above"
    )
    rule = text.replace(
        "age_of_oldest: {codes: [N], above: few}", "consecutive_absent_days: {codes: [N], exactly: few}"
    )
    book = read(rule.replace("{age_of_oldest.numerator} days", "so many days"))
    assert "a.yaml:19:50: runs are counted up to 62 days" in messages(book)


def few(*below: tuple[str, str]) -> Threshold:
    """The threshold `few` as it stands below some layers."""
    book = read(PACK, *below)
    assert not messages(book)
    return next(each for each in book.thresholds if each.name == "few")


@pytest.mark.parametrize(
    ("day", "needed"),
    [
        (date(2025, 8, 31), None),  # before the first there is none
        (date(2025, 9, 1), 300),  # the first day
        (date(2026, 1, 4), 300),
        (date(2026, 1, 5), 450),  # half days are kept
        (date(2030, 1, 1), 450),
    ],
)
def test_the_value_of_a_day_is_the_newest_not_after_it(day: date, needed: int | None) -> None:
    """Dated values take over on their first day."""
    assert few().on(day) == needed


def test_a_lower_layer_takes_over_from_its_own_first_date() -> None:
    """School over trust over national, each from its first date on; what it leaves out is inherited."""
    trust = ("trust", threshold(values="{2025-11-03: 6}", more="    bounds: [5, 7]\n"))
    school = ("school", threshold(values="{2026-02-02: 7}"))
    found = few(trust, school)
    days = (date(2025, 9, 1), date(2025, 11, 3), date(2026, 1, 5), date(2026, 2, 2))
    assert [found.on(day) for day in days] == [300, 600, 600, 700]
    assert (found.bounds, found.source, found.place.file) == (
        (500, 700),
        "Attendance Act 2030",
        "school.yaml",
    )


def test_always_replaces_every_value_above() -> None:
    """A value without a date is in force on every day; one of the same date takes the other's place."""
    own = few(("trust", threshold(values="{2026-01-05: 6}")))
    assert own.values == ((date(2025, 9, 1), 300), (date(2026, 1, 5), 600))
    assert few(("trust", threshold(values="{always: 5}"))).values == ((date.min, 500),)


def test_a_school_is_held_by_the_trusts_bounds() -> None:
    """The middle layer may narrow what the school may set, and the message names the trust's file."""
    trust = ("trust", threshold(more="    bounds: [5, 7]\n"))
    book = read(PACK, trust, ("school", threshold(values="{always: 8}")))
    assert "school.yaml:6:14: 8 is outside 5 to 7, the bounds set by trust.yaml:3 (Attendance" in messages(
        book
    )


def test_layers_stand_in_their_own_order_whatever_order_they_come_in() -> None:
    """The files may be given in any order: the rulebook and its version are the same."""
    sources = [Source("national", "a.yaml", PACK), Source("trust", "t.yaml", threshold())]
    there, back = read_rulebook(sources), read_rulebook(sources[::-1])
    assert there == back
    assert [source.layer for source in back.sources] == [LAYERS[0], LAYERS[2]]


def test_any_byte_changes_the_version() -> None:
    """A space at the end, another name or another layer is another version."""
    versions = [
        version_of([Source("trust", "a.yaml", "pack: a")]),
        version_of([Source("trust", "a.yaml", "pack: a ")]),
        version_of([Source("trust", "b.yaml", "pack: a")]),
        version_of([Source("school", "a.yaml", "pack: a")]),
        version_of([Source("trust", "a.yaml", "pack: a"), Source("trust", "a.yaml", "")]),
    ]
    assert len(set(versions)) == len(versions)


def test_a_rule_is_found_by_its_name() -> None:
    """A name that is not there is an error."""
    book = read(PACK)
    assert book.rule("trial").title == "Trial"
    with pytest.raises(KeyError, match="other"):
        book.rule("other")
