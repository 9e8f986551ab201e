"""The meaning of inference in plain Python: the definition that durable-rules must agree with."""

from __future__ import annotations

from engine.inference.facts import PROPOSE, SEND, Answer, Candidate, Facts, Voice
from engine.reasons import Outcome, Reason, Result


def infer(facts: Facts) -> tuple[Answer, ...]:
    """One answer for each candidate, in order of rule names.

    >>> day_1 = Candidate("day-1", "absence", 1, Result.MATCHED, "send", message=10)
    >>> day_2 = Candidate("day-2", "absence", 2, Result.MATCHED, "send", message=20)
    >>> for answer in infer(Facts(candidates=(day_1, day_2))):
    ...     print(answer)
    day-1: suppress (higher_stage_holds), message: none
    day-2: act (rule_holds), message: go
    """
    settled = {candidate: _settle(candidate, facts) for candidate in facts.candidates}
    speakers = [
        c for c, (outcome, _) in settled.items() if c.message and outcome in (Outcome.ACT, Outcome.PROPOSE)
    ]
    # The higher message goes first; between equals the rule whose name comes first.
    speakers.sort(key=lambda c: (-c.message, c.rule))
    answers = []
    for candidate, (outcome, reasons) in settled.items():
        if candidate not in speakers:
            voice = Voice.NONE
        elif facts.spoken >= candidate.message or candidate != speakers[0]:
            voice, reasons = Voice.LATER, (*reasons, Reason.MESSAGE_TODAY)
        elif outcome is Outcome.ACT and candidate.autonomy == SEND:
            voice = Voice.GO
        else:
            voice = Voice.ASK
        answers.append(Answer(candidate.rule, outcome, reasons, voice))
    return tuple(answers)


def _settle(candidate: Candidate, facts: Facts) -> tuple[Outcome, tuple[Reason, ...]]:
    """The first of these that applies decides."""
    if candidate.truth == Result.UNKNOWN:
        return Outcome.UNKNOWN, (Reason.MARKS_MISSING,)
    if candidate.rule in facts.blown:
        return Outcome.HOLD, (Reason.FUSE,)
    # Blown or not: the highest stage that holds is the one that matters.
    if any(c.ladder == candidate.ladder and c.stage > candidate.stage for c in _ripe(facts)):
        return Outcome.SUPPRESS, (Reason.HIGHER_STAGE_HOLDS,)
    stand = next((stand for stand in facts.stands if stand.ladder == candidate.ladder), None)
    if stand and stand.stage > candidate.stage:
        return Outcome.SUPPRESS, (Reason.HIGHER_STAGE_ACTED,)
    if stand and stand.stage == candidate.stage and not (stand.owed and candidate.message):
        return Outcome.SUPPRESS, (Reason.ALREADY_ACTED,)
    waits = candidate.waits_for and _contact_open(candidate.waits_for, facts)
    if first := (*candidate.not_yet, *((Reason.FIRST_CONTACT_OPEN,) if waits else ())):
        return Outcome.HOLD, first
    persons = tuple(Reason[circumstance.name] for circumstance in facts.circumstances)
    if candidate.autonomy == PROPOSE:
        return Outcome.PROPOSE, (Reason.PERSON_DECIDES, *persons)
    if persons:
        return Outcome.PROPOSE, persons
    return Outcome.ACT, (Reason.RULE_HOLDS,)


def _ripe(facts: Facts) -> list[Candidate]:
    """The candidates that hold for certain, and may act by now."""
    return [each for each in facts.candidates if each.truth == Result.MATCHED and not each.not_yet]


def _contact_open(rule: str, facts: Facts) -> bool:
    """Whether the rule's first contact is open, or about to be: it holds and its case has not acted yet."""
    return rule in facts.open_rules or any(c.rule == rule and not _covered(c, facts) for c in _ripe(facts))


def _covered(candidate: Candidate, facts: Facts) -> bool:
    """Whether the case on its ladder has acted up to the candidate's stage or beyond."""
    return any(stand.ladder == candidate.ladder and stand.stage >= candidate.stage for stand in facts.stands)
