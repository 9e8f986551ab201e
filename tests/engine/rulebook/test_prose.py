"""Prose says every number of the rules, in the sentences of the rules that use it, and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest
import yaml

from engine.rulebook.in_prose import condition
from engine.rulebook.model import Group, Place
from engine.rulebook.prose import Sentence, prose
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook
from tests.engine.shipped import packs, rulebook

NUMBER = re.compile(r"(?<![\w.-])-?[0-9]+(?:\.[0-9]+)?(?![\w.:-])")
SILENT = frozenset({"tests", "source", "script", "title", "because", "do", "pack", "cohorts"})
"""Keys whose value is words for people, or no part of what the rules say."""
Where = tuple[str, ...]

WHOLE = """
pack: all-there-is
thresholds:
  dated: {title: Dated, unit: percent, values: {2025-09-01: 8, 2026-01-05: 7}}
  minutes: {title: Minutes, unit: minutes after close, values: {always: 5}}
  calm: {title: Calm, unit: pupils, values: {always: 3}}
meanings:
  better: {title: Better, when: {late_sessions: {over: last 2 school weeks, below: 1}}}
rules:
  long:
    title: A long one
    because: "often late"
    when:
      any:
        - weekday_sessions: {over: last 6 school weeks, codes: [G, N], on: Friday, above: 3}
        - all:
            - possible_sessions: {over: whole register, at_least: 20}
            - not: better
            - absence_rate: {over: whole register, at_least: dated}
    applies_to: {years: ["7", "8"], unless_flagged: [bereavement]}
    in_force: {from: 2025-09-01, until: 2026-08-31}
    rollout:
      - {cohort: {years: ["7"]}, from: 2026-01-12}
      - {from: 2026-02-23}
    at_most: 5 percent of roll
    ladder: both
    stage: 2
    after: {stage: 1, done_for: 3 school weeks}
    waits_for: short
    autonomy: approve
    then:
      - task: {do: talk, by: senco, due: same day}
      - message: {template: attendance-concern, channel: sms, purpose: letters}
  short:
    title: A short one
    because: "late"
    when: {late_sessions: {over: today, exactly: 1}}
    ladder: both
    stage: 1
    at_most: "40"
    autonomy: send
    then: [{task: {do: look, by: form_tutor, due: 20 minutes later}}]
  until:
    title: Until then
    because: "late"
    when: {late_sessions: {over: today, exactly: 1}}
    in_force: {until: 2026-08-31}
    autonomy: send
    then: [{task: {do: look, by: form_tutor, due: minutes}}]
duties:
  lowest:
    title: The lowest
    comes: school day 3 of every term at 09:00
    phases: [primary]
    names: {lowest attendance: calm}
    task: {do: look, by: form_tutor, due: 1 school day}
runs:
  each: {comes: every Monday at 08:40, if_late: run each}
"""


def whole() -> Rulebook:
    """A pack in which every keyword stands."""
    found = read_rulebook([Source("trust", "whole.yaml", WHOLE)])
    assert found.problems == ()
    return found


def text_of(name: str, about: str = "") -> list[str]:
    """The sentences of one rule of that pack."""
    return [s.text for s in prose(whole()) if s.rule == name and about in ("", s.about)]


def test_every_keyword_has_its_sentence() -> None:
    """Conditions within conditions, dates, waves, caps, stages in turn."""
    when = (
        "It holds for a pupil when at least one of these is so: the number of sessions on one weekday with "
        "code G or N on Fridays in the last 6 school weeks is more than 3; (all of this is so: the number of "
        "possible sessions is at least 20; (this is not so: the number of late sessions in the last 2 school "
        "weeks is less than 1); absence is at least 8 percent (from 1 September 2025), then 7 percent (from "
        "5 January 2026))."
    )
    assert text_of("long") == [
        "Stage 2: A long one.",
        when,
        "Whom it speaks of: years 7, 8, unless flagged bereavement.",
        "It is in force from 1 September 2025 until 31 August 2026.",
        "It comes to years 7 from 12 January 2026; everybody from 23 February 2026.",
        "It comes only once stage 1 was done for 3 school weeks.",
        "It waits while work of «A short one» is open.",
        "If it holds for more than 5 percent of the roll, it stops until a person has looked.",
        "The SENCO has a task (due on the same day, about 10 minutes): talk.",
        "The family gets a text message («attendance concern»). It leaves only once a person approved it.",
        "Each day stands for itself.",
    ]
    assert "If it holds for more than 40, it stops until a person has looked." in text_of("short")
    assert "It is in force until 31 August 2026." in text_of("until")
    assert text_of("until", "task") == [
        "The form tutor has a task (due 5 minutes after the register closes, about 10 minutes): look."
    ]
    assert text_of("lowest")[0] == "The lowest: school day 3 of every term at 09:00 (primary schools)."
    assert text_of("lowest", "choice") == []
    assert text_of("each") == [
        "The register is looked at every Monday at 08:40. Each time that was slept through is made up for."
    ]


def test_a_keyword_without_words_of_its_own_is_said_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a rule says beyond what prose knows stands in it all the same: nothing is left out."""
    from engine.rulebook import prose as module

    known = frozenset({"review_after", "after", "time_anchored", "when", "waits_for"})
    monkeypatch.setattr(module, "_OWN_WORDS", module._OWN_WORDS - known)
    rules = {rule.id: rule for rule in whole().rules}
    every = prose(replace(whole(), rules=(rules["long"],)))
    said = {each.about: each.text for each in every if each.rule == "long" and each.about in known}
    assert said["after"] == "Stage 1, done for 3 school weeks."
    assert said["waits_for"] == "Waits for: short."
    assert said["when"].startswith("At least one of these is so: the number of sessions on one weekday")
    assert "time_anchored" not in said, "what has its usual value goes without saying"
    few = Group("at_least", whole().rule("long").when.parts[:1], 1)  # type: ignore[union-attr]
    assert condition(few).startswith("at least 1 of these are so: the number of sessions on one weekday")


def test_each_sentence_knows_its_rule_and_its_place() -> None:
    """The place is the line where the rule begins; every rule in force has sentences, and a title first."""
    said = prose(rulebook())
    rules = {rule.id: rule for rule in rulebook().rules}
    assert rules.keys() <= {each.rule for each in said}
    for each in said:
        if each.rule in rules and each.heading.startswith(("Ladder", "Rules")):
            assert each.place == rules[each.rule].place
    when = next(each.text for each in said if (each.rule, each.about) == ("persistent-absence", "when"))
    assert when.endswith(
        "absence in the school year to date is at least 10 percent and less than 50 percent."
    )


def numbers(source: Source) -> Iterator[tuple[Where, int, int]]:
    """Every number of a pack that its rules go by: the keys to it, where it begins and where it ends."""

    def walk(node: yaml.Node, where: Where) -> Iterator[tuple[Where, int, int]]:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value not in SILENT or (where and where[0] == "runs"):
                    yield from walk(value, (*where, key.value))
        elif isinstance(node, yaml.SequenceNode):
            for part in node.value:
                yield from walk(part, where)
        elif isinstance(node, yaml.ScalarNode):
            for found in NUMBER.finditer(source.text, node.start_mark.index, node.end_mark.index):
                yield where, found.start(), found.end()

    root = yaml.compose(source.text, Loader=yaml.SafeLoader)
    yield from walk(root, ()) if root else ()


def users(name: str, said: list[dict[str, dict[str, object]]]) -> set[str]:
    """The rules and duties that name a threshold or a meaning, also by a meaning that names it."""
    meant = {key for pack in said for key, each in pack.get("meanings", {}).items() if name in values(each)}
    return {
        key
        for pack in said
        for part in ("rules", "duties")
        for key, each in pack.get(part, {}).items()
        if {name, *meant} & values(each)
    }


def values(data: object) -> set[str]:
    """Every text that stands as a value."""
    if isinstance(data, dict):
        return set().union(*map(values, data.values()))
    if isinstance(data, list):
        return set().union(*map(values, data))
    return {str(data)}


@pytest.mark.uncounted
@pytest.mark.parametrize("every", [3, pytest.param(1, marks=pytest.mark.soak)])
def test_one_number_changes_the_sentences_of_the_rules_that_use_it_and_no_other(every: int) -> None:
    """Each number (each third) of a shipped pack, one more: the prose of its users differs, nothing else."""
    sources = [replace(each, text=each.text.partition("\ntests:")[0]) for each in packs()]
    said = [yaml.safe_load(source.text) for source in sources]
    before = unplaced(prose(read_rulebook(sources)))
    tried, wrong = 0, []
    for place, source in enumerate(sources):
        for where, start, end in islice(numbers(source), 0, None, every):
            more = f"{float(source.text[start:end]) + 1:g}"
            text = source.text[:start] + more + source.text[end:]
            found = read_rulebook((*sources[:place], replace(source, text=text), *sources[place + 1 :]))
            if found.problems:
                continue  # out of its bounds, or no such thing: said by `rules check`
            tried += 1
            differ = {each.rule for each in before ^ unplaced(prose(found))}
            used_by = users(where[1], said) if where[0] in {"thresholds", "meanings"} else {where[1]}
            if differ != used_by:
                wrong.append((source.file, where, source.text[start:end], differ, used_by))
    assert wrong == [], "\n".join(map(str, wrong))
    assert tried > 150 / every


def unplaced(said: tuple[Sentence, ...]) -> set[Sentence]:
    """Sentences without their place: a longer number moves what stands behind it."""
    return {replace(each, place=Place("", 0, 0)) for each in said}


WAITS = """pack: waits
rules:
  letter:
    title: A letter
    because: it holds
    when: {late_sessions: {over: last 5 school days, at_least: 2}}
    hold_for: 2 school days
    rearm: 4 school weeks
    grace: 1 school days
    requires: [{title: they were there, when: {possible_sessions: {over: last 5 school days, at_least: 3}}}]
    autonomy: propose
    locked: true
    then: [{task: {do: write, by: office, due: same day}}]
  call:
    title: A call
    because: it holds
    when: {late_sessions: {over: last 5 school days, at_least: 1}}
    autonomy: propose
    then: [{task: {do: call, by: office, due: same day}}]
"""
OWN = """pack: own
overrides: {call: {at_most: "40", changed_by: {who: A. Okafor, why: a small school}}}
"""


def test_what_waits_and_what_a_layer_says_otherwise_have_their_sentences() -> None:
    """Each thing that is waited for, with its numbers; who changed a rule, and that nobody below may."""
    book = read_rulebook([Source("trust", "waits.yaml", WAITS), Source("school", "own.yaml", OWN)])
    assert book.problems == ()
    said = {(each.rule, each.about): each.text for each in prose(book)}
    assert said["letter", "hold_for"] == "It acts once it has held for 2 school days."
    assert said["letter", "rearm"] == "After a case has closed it opens no other for 4 school weeks."
    assert said["letter", "grace"] == "Marks of the last 1 school day are not looked at yet."
    assert said["letter", "requires"].startswith("It waits until this is so: they were there (the number of")
    assert said["letter", "locked"] == "No layer below may change it."
    assert said["call", "overrides"].startswith("Said otherwise by the school (A. Okafor: a small school):")
