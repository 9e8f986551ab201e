"""The meaning of reference.py as generic rules over facts, in the form durable-rules reads.

No rule here knows a rule of any pack. Once for a host comes `ready`, then for each subject three
phases, each opened by a `go` fact that comes after all other facts; what one phase derives is
asserted before the next one opens:

    object  whatever stands in a candidate's way becomes an objection; the lowest rank is the strongest
    settle  the strongest objection becomes the outcome; where there is none, the candidate acts
    speak   of the outcomes that may speak to the family, the highest does and the others wait

Two habits keep durable-rules 2.0.28 on firm ground:

* every rule begins with `go`. When it arrives all other facts lie ready, so no negation is judged
  too early and none has to be taken back;
* every other condition ends by comparing `subject`, which all facts share. Where the last comparison
  of a condition fails, the library reads on past the end of its list (events.c,
  reduceExpressionSequence) and may crash the process: this last one cannot fail.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.inference.facts import APPROVE, PROPOSE, SEND, Voice
from engine.reasons import Outcome, Reason, Result

Json = dict[str, object]
"""A condition or a test, as durable-rules takes it."""


class Phase(StrEnum):
    """When a rule is judged; the phases follow each other in this order."""

    READY = "ready"
    OBJECT = "object"
    SETTLE = "settle"
    SPEAK = "speak"


@dataclass(frozen=True, slots=True)
class Of:
    """A value to copy from a fact that was met: `Of("it", "rule")` is the rule of the fact called `it`."""

    name: str
    field: str


Says = dict[str, str | int | Of]
"""A fact that follows, with what it copies from the facts that were met."""


@dataclass(frozen=True, slots=True)
class Generic:
    """One rule: where all the conditions hold in its phase, the fact `says` follows."""

    phase: Phase
    when: tuple[Json, ...]
    says: Says

    def definition(self) -> Json:
        """The conditions as durable-rules reads them, `go` first.

        >>> RULES["fuse"].definition()["all"][0]
        {'go': {'$and': [{'kind': 'go'}, {'phase': 'object'}]}}
        """
        return {"all": [{"go": {"$and": [{"kind": "go"}, {"phase": self.phase.value}]}}, *self.when]}


def some(name: str, kind: str, *tests: Json) -> Json:
    """There is a fact of this kind that passes the tests; other conditions call it `name`.

    >>> some("open", "open", same("rule", "it"))
    {'open': {'$and': [{'kind': 'open'}, {'rule': {'it': 'rule'}}, {'subject': {'go': 'subject'}}]}}
    """
    return {name: {"$and": [{"kind": kind}, *tests, same("subject", "go")]}}


def no(kind: str, *tests: Json) -> Json:
    """There is no fact of this kind that passes the tests.

    >>> no("spoken")
    {'no spoken$not': {'$and': [{'kind': 'spoken'}, {'subject': {'go': 'subject'}}]}}
    """
    return {f"no {kind}$not": some("", kind, *tests)[""]}


def same(field: str, name: str, other: str = "") -> Json:
    """This field equals the same field, or the field `other`, of the fact called `name`."""
    return {field: {name: other or field}}


def compared(how: str, field: str, name: str) -> Json:
    """This field compares (`$gt`, `$gte`, `$lt`) with the same field of the fact called `name`."""
    return {how: {field: {name: field}}}


IT = some("it", "candidate")
MATCHED: Json = {"truth": Result.MATCHED}
RIPE: tuple[Json, ...] = (MATCHED, {"early": 0})


def _objection(rank: int, outcome: Outcome, reason: Reason | Of, *when: Json) -> Generic:
    """Where all this holds, `it` may not simply act."""
    says: Says = {
        "kind": "objection",
        "rule": Of("it", "rule"),
        "rank": rank,
        "outcome": outcome,
        "reason": reason,
    }
    return Generic(Phase.OBJECT, when, {**says, "speaks": int(outcome is Outcome.PROPOSE)})


def _settled(outcome: Outcome | Of, reason: Reason | Of, speaks: int | Of, *when: Json) -> Generic:
    """Where all this holds, this is the outcome of `it`, and one of its reasons."""
    says: Says = {"kind": "settled", "outcome": outcome, "reason": reason, "speaks": speaks}
    return Generic(
        Phase.SETTLE, when, says | {field: Of("it", field) for field in ("rule", "message", "autonomy")}
    )


def _voice(voice: Voice, *when: Json) -> Generic:
    """Where all this holds, this becomes of the message of `it`."""
    says: Says = {"kind": "voice", "rule": Of("it", "rule"), "voice": voice}
    if voice is Voice.LATER:
        says["reason"] = Reason.MESSAGE_TODAY
    return Generic(Phase.SPEAK, when, says)


_SPEAKS: tuple[Json, ...] = ({"speaks": 1}, {"$gt": {"message": 0}})
_CLAIM = some("it", "settled", *_SPEAKS)
_HIGHER = (*_SPEAKS, compared("$gt", "message", "it"))
_FIRST = (*_SPEAKS, same("message", "it"), compared("$lt", "rule", "it"))
_SPOKEN = compared("$gte", "message", "it")
_FREE = (no("spoken", _SPOKEN), no("settled", *_HIGHER), no("settled", *_FIRST))

RULES = {
    "ready": Generic(Phase.READY, (), {"kind": "ready"}),
    "marks missing": _objection(
        1, Outcome.UNKNOWN, Reason.MARKS_MISSING, some("it", "candidate", {"truth": Result.UNKNOWN})
    ),
    "fuse": _objection(2, Outcome.HOLD, Reason.FUSE, IT, some("blown", "blown", same("rule", "it"))),
    "higher stage holds": _objection(
        3,
        Outcome.SUPPRESS,
        Reason.HIGHER_STAGE_HOLDS,
        IT,
        some("other", "candidate", *RIPE, same("ladder", "it"), compared("$gt", "stage", "it")),
    ),
    "higher stage acted": _objection(
        4,
        Outcome.SUPPRESS,
        Reason.HIGHER_STAGE_ACTED,
        IT,
        some("stand", "stand", same("ladder", "it"), compared("$gt", "stage", "it")),
    ),
    "already acted": _objection(
        4,
        Outcome.SUPPRESS,
        Reason.ALREADY_ACTED,
        IT,
        some("stand", "stand", {"owed": 0}, same("ladder", "it"), same("stage", "it")),
    ),
    "already acted, owes no message": _objection(
        4,
        Outcome.SUPPRESS,
        Reason.ALREADY_ACTED,
        some("it", "candidate", {"message": 0}),
        some("stand", "stand", same("ladder", "it"), same("stage", "it")),
    ),
    "not yet": _objection(
        5, Outcome.HOLD, Of("why", "reason"), IT, some("why", "not yet", same("rule", "it"))
    ),
    "first contact open": _objection(
        5, Outcome.HOLD, Reason.FIRST_CONTACT_OPEN, IT, some("open", "open", same("rule", "it", "waits"))
    ),
    "first contact to come": _objection(
        5,
        Outcome.HOLD,
        Reason.FIRST_CONTACT_OPEN,
        IT,
        some("other", "candidate", *RIPE, same("rule", "it", "waits")),
        no("stand", same("ladder", "other"), compared("$gte", "stage", "other")),
    ),
    "person decides": _objection(
        6, Outcome.PROPOSE, Reason.PERSON_DECIDES, some("it", "candidate", {"autonomy": PROPOSE})
    ),
    "circumstance": _objection(
        6, Outcome.PROPOSE, Of("circumstance", "reason"), IT, some("circumstance", "circumstance")
    ),
    "nothing in the way": _settled(
        Outcome.ACT, Reason.RULE_HOLDS, 1, IT, no("objection", same("rule", "it"))
    ),
    "strongest objection": _settled(
        Of("objection", "outcome"),
        Of("objection", "reason"),
        Of("objection", "speaks"),
        IT,
        some("objection", "objection", same("rule", "it")),
        no("objection", same("rule", "it"), compared("$lt", "rank", "objection")),
    ),
    "no message": _voice(Voice.NONE, some("it", "settled", {"speaks": 1}, {"message": 0})),
    "no outcome to tell": _voice(Voice.NONE, some("it", "settled", {"speaks": 0})),
    "spoken today": _voice(Voice.LATER, _CLAIM, some("spoken", "spoken", _SPOKEN)),
    "higher message": _voice(Voice.LATER, _CLAIM, some("other", "settled", *_HIGHER)),
    "first by name": _voice(Voice.LATER, _CLAIM, some("other", "settled", *_FIRST)),
    "leaves by itself": _voice(
        Voice.GO, some("it", "settled", *_SPEAKS, {"outcome": Outcome.ACT}, {"autonomy": SEND}), *_FREE
    ),
    "asks before it acts": _voice(
        Voice.ASK, some("it", "settled", *_SPEAKS, {"outcome": Outcome.ACT}, {"autonomy": APPROVE}), *_FREE
    ),
    "asks with the proposal": _voice(
        Voice.ASK, some("it", "settled", *_SPEAKS, {"outcome": Outcome.PROPOSE}), *_FREE
    ),
}
"""All that durable-rules decides with, each rule under a name for people."""
