"""A good pack with two rules and two thresholds, to be broken one slip at a time."""

from __future__ import annotations

from engine.rulebook.rulebook import Rulebook, Source, read_rulebook

PACK = """pack: trial
thresholds:
  few:
    title: Few days
    unit: school days
    values: {2025-09-01: 3, 2026-01-05: 4.5}
    bounds: [2, 10]
    source: Attendance Act 2030
  tenth:
    title: A tenth
    unit: percent
    values: {always: 10}
    locked: true
    source: Attendance Act 2031
rules:
  sound:
    title: Sound
    because: "{age_of_oldest.numerator} days"
    when: {age_of_oldest: {codes: [N], above: few}}
    autonomy: send
    then:
      - task: {do: look, by: office, due: same day}
  trial:
    title: Trial
    because: "{absence_rate.percent} %"
    when:
      all:
        - possible_sessions: {over: year to date, at_least: 20}
        - absence_rate: {over: year to date, at_least: tenth}
    ladder: rate
    autonomy: approve
    then:
      - task: {do: ring, by: office, due: 2 school days}
      - message: {template: hello, channel: sms, purpose: letters}
"""


def read(text: str, *below: tuple[str, str]) -> Rulebook:
    """The rulebook of a national pack, with a trust's and a school's below it."""
    return read_rulebook([Source("national", "a.yaml", text), *(Source(s, f"{s}.yaml", t) for s, t in below)])


def messages(book: Rulebook) -> str:
    """Everything said of a rulebook."""
    return "\n".join(map(str, book.problems))


def ids(book: Rulebook) -> list[str]:
    """The rules that stand."""
    return [rule.id for rule in book.rules]
