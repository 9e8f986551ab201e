"""Judged again as of the instant it was made, on the register as it now stands (semantics 15).

The rule that made a task or a message is the one that judges it again: a rulebook changed since does
not withdraw what the old one rightly made. Time passing never withdraws.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from engine.cases import CaseState, Move
from engine.explain import explain
from engine.grounds import ground
from engine.instants import Instants
from engine.match import FALSE, Judge, Judgement
from engine.reasons import Outcome, Reason, Result
from engine.records import CLASS, SCHOOL
from engine.snapshot import Snapshot
from workflows.change import Change
from workflows.duties import DUTY
from workflows.judged_again import may_differ
from workflows.open_cases import Ruled
from workflows.ports import Changed
from workflows.values import AnyTask, Case, Entry, Message, MessageState, TaskState

REVIEW = "review/"
REQUIRED = "required/"
"""What the rule of a task begins with that is made of what this rule requires."""
UNREACHABLE = "unreachable/"
"""What the rule of a task to find a number that works begins with; then comes the contact's id."""
REPLY = "reply/"
"""What the rule of a task begins with that is made of what a family wrote back; then comes the message's."""
UNDELIVERED = "undelivered/"
"""The same of a message that its provider could not deliver."""
Verdict = tuple[Result, str]
_Stands = tuple[str, date | None, str]
"""A rule, the day whose thresholds it is frozen on, and a subject."""


def verdicts(
    snapshot: Snapshot,
    items: Iterable[AnyTask | Message],
    cases: Mapping[str, Case],
    ruled: Ruled,
) -> dict[tuple[str, str, datetime, str], Verdict]:
    """What each item's own rule says now of the instant the item was made, and why.

    Keys are `key_of(item)`, `cases` its cases by id: a rule that holds by now on another ground than its
    case (this register was taken, an older gap is left) does not speak for the item. All instants of
    one rulebook are judged at once, rules about pupils for those alone whom an item is about.
    """
    groups: dict[str, dict[_Stands, dict[datetime, str]]] = defaultdict(lambda: defaultdict(dict))
    for item in items:
        case = cases[item.case_id]
        stands = (item.rule, ruled.frozen_on(item, case), item.subject)
        groups[item.rulebook][stands][item.made_as_of] = case.anchor
    out: dict[tuple[str, str, datetime, str], Verdict] = {}
    for version, subjects in groups.items():
        moments = sorted({moment for made in subjects.values() for moment in made})
        number = {moment: place for place, moment in enumerate(moments)}
        asked = {(rule, frozen_on) for rule, frozen_on, _ in subjects}
        rules = {each: ruled.rule_of(version, each[0].removeprefix(REQUIRED), each[1]) for each in asked}
        whole = Judge(snapshot, Instants.of(moments))
        of_pupils = Judge(snapshot.only({subject for _, _, subject in subjects}), whole.instants)
        judges = {each: of_pupils if rule.subject == "pupil" else whole for each, rule in rules.items()}
        judgements = {each: judges[each].judge(rule) for each, rule in rules.items()}
        for (rule, frozen_on, subject), made in subjects.items():
            judge = judges[rule, frozen_on]
            row = _row(judge.snapshot, subject)
            for moment, anchor in made.items():
                key = (rule, subject, moment, version)
                if row is None:
                    out[key] = (Result.NOT_APPLICABLE, "not at this school any more")
                    continue
                asked_for = rule.startswith(REQUIRED)
                judgement = judgements[rule, frozen_on]
                out[key] = _verdict(judge, judgement, row, number[moment], anchor, asked_for=asked_for)
    return out


def key_of(item: AnyTask | Message) -> tuple[str, str, datetime, str]:
    """The key of an item's verdict."""
    return (item.rule, item.subject, item.made_as_of, item.rulebook)


def withdraw(
    snapshot: Snapshot,
    change: Change,
    as_of: datetime,
    run_id: str,
    ruled: Ruled,
    changed: Changed,
) -> list[dict[str, object]]:
    """Withdraw the open tasks and unsent messages whose ground has gone; returns the decisions made.

    Only those are judged of which something `changed`.

    A case all of whose items are withdrawn goes back to stage 0 and is closed: were the mark put back,
    it acts again. Where the marks now leave it open (unknown), the item stays; a message is judged
    once more before it leaves.
    """
    items = [item for item in change.unfinished() if may_differ(item, changed) and rests_on_a_rule(item)]
    found = verdicts(snapshot, items, change.cases, ruled)
    gone: dict[tuple[str, str], tuple[AnyTask | Message, str]] = {}
    for item in items:
        result, because = found[key_of(item)]
        if result in {Result.MATCHED, Result.UNKNOWN} or item.made_as_of > as_of:
            continue
        if isinstance(item, Message):
            change.end_message(item, MessageState.WITHDRAWN, as_of, Reason.GROUND_GONE)
        else:
            change.end_task(item, TaskState.WITHDRAWN, as_of, Reason.GROUND_GONE)
        gone[item.case_id, item.rule] = (item, because)
    for case_id in sorted({case_id for case_id, _ in gone}):
        _step_back(change, case_id, as_of)
    return [_decision(change, item, because, run_id) for item, because in gone.values()]


def rests_on_a_rule(item: AnyTask | Message) -> bool:
    """Whether a rule made an item: not what a person's finding opened, a review, a duty, what came back.

    Nor an apology: it stands on what went wrong.
    """
    if isinstance(item, Message):
        return not item.apology_for
    return not (item.follows or item.rule.startswith((REVIEW, DUTY, UNREACHABLE, REPLY, UNDELIVERED)))


def of_its_stage(item: AnyTask | Message) -> bool:
    """Whether a rule made an item as its stage acted: not while something that it requires was missing."""
    return rests_on_a_rule(item) and not item.rule.startswith(REQUIRED)


def _verdict(
    judge: Judge, judgement: Judgement, row: int, number: int, anchor: str, *, asked_for: bool
) -> Verdict:
    """The result, and the sentence for it where the ground has gone: the others nobody reads.

    What is `asked_for` because it was missing loses no ground by missing.
    """
    result = judgement.result(row, number)
    if result is Result.MATCHED:
        unmet = {each.reason for each in judgement.before if each.truth[row, number] == FALSE}
        if unmet - ({Reason.REQUIREMENT_MISSING} if asked_for else set()):
            return Result.NOT_MATCHED, explain(judge, judgement, row, number).because
        there = ground(judge, judgement, row, number)
        if there in {"", anchor}:
            return result, ""
        return Result.NOT_MATCHED, f"it was about {anchor}, which is settled; what is left is about {there}"
    gone = result is not Result.UNKNOWN
    return result, explain(judge, judgement, row, number).because if gone else ""


def _row(snapshot: Snapshot, subject: str) -> int | None:
    if subject.startswith(CLASS):
        name = subject.removeprefix(CLASS)
        return snapshot.classes.index(name) if name in snapshot.classes else None
    return 0 if subject.startswith(SCHOOL) else snapshot.rows.get(subject)


def _step_back(change: Change, case_id: str, as_of: datetime) -> None:
    """Take a case back to the highest stage of which something still stands, or before any of them."""
    case = change.cases[case_id]
    if case.state is CaseState.TAKEN_BACK:
        return  # it came to nothing before: what was left of it was somebody's task
    tasks, messages = change.items(case.subject)
    standing = [t for t in tasks if t.case_id == case_id and t.state is not TaskState.WITHDRAWN]
    stages = [task.stage for task in standing if of_its_stage(task)]
    sent = [m for m in messages if m.case_id == case_id and m.state is not MessageState.WITHDRAWN]
    stages += [message.stage for message in sent if rests_on_a_rule(message)]
    stage = max(stages, default=0)
    asked_for = any(t.state is TaskState.OPEN and t.rule.startswith(REQUIRED) for t in standing)
    if stage or (asked_for and case.closed_at is None):
        review_on = case.review_on if stage == case.stage else ""
        change.move_case(case, Move.STEPS_BACK, stage=stage, owed_since="", review_on=review_on)
        return
    gone = {"closed_at": as_of, "closed_because": Reason.GROUND_GONE.sentence}
    change.move_case(case, Move.TAKES_BACK, stage=0, owed_since="", review_on="", **gone)


def _decision(change: Change, item: AnyTask | Message, because: str, run_id: str) -> dict[str, object]:
    content: dict[str, object] = {
        "subject": item.subject,
        "rule": item.rule.removeprefix(REQUIRED),
        "ladder": item.ladder,
        "stage": item.stage,
        "outcome": Outcome.WITHDRAW.value,
        "reasons": [Reason.GROUND_GONE.value],
        "because": because,
        "evidence": [],
        "case_id": item.case_id,
        "made_as_of": item.made_as_of.isoformat(),
        "run_id": run_id,
    }
    change.entries.append(Entry("decision", item.subject, content, item.rulebook))
    return content
