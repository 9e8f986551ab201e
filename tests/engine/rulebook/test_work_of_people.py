"""Outcomes, duties and runs as packs say them: what stands, and what is said of a slip."""

from __future__ import annotations

import pytest

from engine.rulebook.model import IfLate
from engine.rulebook.rulebook import Rulebook, Source, read_rulebook

TRUST = """
pack: trust
triage:
  reached: {title: Spoke with the family}
  nothing: {title: Nothing is needed, note: required}
  legal:
    title: A legal step should be considered
    decide: true
    task: {do: consider it, by: headteacher, due: 5 school days, minutes: 30}
duties:
  registers:
    title: Registers are complete
    comes: every school day when am closes
    if_late: miss
    phases: [primary]
    task: {do: look, by: office, due: 20 minutes later, minutes: 3}
runs:
  bell: {comes: every school day at 08:20, if_late: skip}
  close: {comes: every school day when am closes}
"""

FEW = "thresholds: {few: {title: Few, unit: pupils, values: {always: 3}}}"
NAMING = "title: A, comes: every Monday at 09:00, task: {do: x, by: y, due: same day},"
LOW = "names: {lowest attendance: few}"
MONDAYS = "comes: every Monday at 09:00"


def read(*texts: str) -> Rulebook:
    """The packs as trust, then school."""
    layers = ("trust", "school")
    return read_rulebook(
        [Source(layer, f"{layer}.yaml", text) for layer, text in zip(layers, texts, strict=False)]
    )


def test_what_a_pack_says_stands() -> None:
    """Outcomes with the tasks that they open, duties with their cadence, runs with what is late."""
    book = read(TRUST)
    assert book.problems == ()
    outcomes = {each.name: each for each in book.triage}
    assert (outcomes["nothing"].note_required, outcomes["nothing"].task) == (True, None)
    legal = outcomes["legal"].task
    assert legal is not None
    assert (legal.by, legal.minutes, outcomes["legal"].decide) == ("headteacher", 30, True)
    (duty,) = book.duties
    assert (duty.missed_if_late, duty.phases, duty.task.minutes) == (True, ("primary",), 3)
    assert {run.name: run.if_late for run in book.runs} == {"bell": IfLate.SKIP, "close": IfLate.RUN_LATEST}


HOUR = """
pack: hour
thresholds:
  ends: {title: It ends, unit: minutes after close, values: {always: 0}}
rules:
  call:
    title: A call
    when: {mark_awaited: {until: ends, at_least: 1}}
    because: not in yet
    episode: day
    time_anchored: true
    autonomy: send
    then: [{task: {do: call, by: form_tutor, due: ends, shared_among: [head_of_year, office]}}]
"""


def test_the_calls_of_an_hour_may_be_shared_and_nothing_else() -> None:
    """The roles stand on the step; on a duty, or a rule that no minute ends, the key is refused."""
    book = read(HOUR)
    assert book.problems == ()
    assert book.rule("call").tasks[0].shared_among == ("head_of_year", "office")
    assert read(TRUST).triage[0].task is not None
    refused = (
        "shared_among is for the calls of an hour: the tasks of a time_anchored rule about pupils; leave it"
    )
    (problem,) = read(TRUST.replace("minutes: 3}", "shared_among: [office]}")).problems
    assert str(problem).startswith("trust.yaml:16:")
    assert refused in str(problem)
    late = HOUR.replace("    time_anchored: true\n", "").replace(
        "{mark_awaited: {until: ends, at_least: 1}}", "{late_sessions: {over: today, at_least: 1}}"
    )
    assert [refused in str(each) for each in read(late.replace("due: ends", "due: same day")).problems] == [
        True
    ]


def test_a_school_adds_and_moves_a_run() -> None:
    """Its own outcome and duty beside the trust's; the bell at another time."""
    own = """
pack: own
triage: {gate: {title: Met at the gate}}
duties: {lates: {title: Lates, comes: every school day at 09:00, task: {do: look, by: office, due: same day}}}
runs: {bell: {comes: every school day at 07:50}}
"""
    book = read(TRUST, own)
    assert book.problems == ()
    assert [each.name for each in book.triage] == ["gate", "legal", "nothing", "reached"]
    assert [each.name for each in book.duties] == ["lates", "registers"]
    assert {run.name: run.comes.words for run in book.runs}["bell"] == "every school day at 07:50"


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (
            "triage: {reached: {title: Other}}",
            "school.yaml:3:10: the outcome 'reached' stands already in trust.yaml:4; give this one another",
        ),
        ("triage: {a: {titel: A}}", "unknown key 'titel'; did you mean 'title'?"),
        (
            "triage: {a: {title: A, task: {do: x, by: y, due: 5 minutes after close}}}",
            "counts from a register, and an outcome comes at any time; write due: same day",
        ),
        ("triage: {a: {title: A, task: {do: x, by: y, due: soon}}}", "'soon' is not a due time"),
        (
            f"duties: {{registers: {{title: R, {MONDAYS}, task: {{do: x, by: y, due: same day}}}}}}",
            "the duty 'registers' stands already in trust.yaml:11; give this one another name",
        ),
        (
            f"duties: {{a: {{title: A, {MONDAYS}, task: {{do: x, by: y, due: 5 minutes after close}}}}}}",
            "counts from one register, and a duty is about none; write due: 20 minutes later",
        ),
        (
            "duties: {a: {title: A, comes: every day, task: {do: x, by: y, due: same day}}}",
            "'every day' is no cadence; write one like: every school day at 08:40",
        ),
        (
            "duties: {a: {title: A, comes: every school day at 09:00, task: {do: x, by: y, due: soon}}}",
            "'soon' is not a due time",
        ),
        ("duties: {a: {title: A}}", "the key 'comes' is missing"),
        (
            f"duties: {{a: {{{NAMING} names: {{lowest attendance: most}}}}}}",
            "'most' is no such threshold; name a threshold in pupils: none yet",
        ),
        (
            f"duties: {{a: {{{NAMING} names: {{plans standing still: few}}}}}}\n{FEW}",
            "'few' is no such threshold; name a threshold in school days: none yet",
        ),
        (
            f"duties: {{a: {{{NAMING} {LOW}, proposes: {{not engaging: leagl}}}}}}\n{FEW}",
            "there is no outcome 'leagl'; did you mean 'legal'?; outcomes are: reached, nothing, legal",
        ),
        (
            f"duties: {{a: {{{NAMING} each: {{do: x, by: y, due: same day}}}}}}",
            "a duty that names nobody has nothing for each of them",
        ),
        (
            f"duties: {{a: {{{NAMING} {LOW}, each: {{do: x, by: y, due: soon}}}}}}\n{FEW}",
            "'soon' is not a due time",
        ),
        (f"duties: {{a: {{{NAMING} names: {{the tallest: few}}}}}}", "'the tallest' is not one of"),
        ("runs: {a: {comes: at noon}}", "'at noon' is no cadence"),
        ("runs: {a: {comes: every school day at 12:00, if_late: wait}}", "'wait' is not one of: run latest"),
    ],
)
def test_a_slip_is_named_and_takes_only_itself_away(own: str, said: str) -> None:
    """Where, what, what was meant and what to do; what the trust says stands."""
    book = read(TRUST, f"\npack: own\n{own}\n")
    assert said in "\n".join(str(problem) for problem in book.problems)
    assert [each.name for each in book.triage] == ["legal", "nothing", "reached"]
    assert [each.name for each in book.duties] == ["registers"]
    assert [each.name for each in book.runs] == ["bell", "close"]
