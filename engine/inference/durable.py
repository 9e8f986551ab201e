"""Inference by durable-rules: the same answers as reference.py, reached by its joins and negations.

Python only carries here. It tells durable-rules the facts of one subject, writes down what the rules
say in one phase, tells that before the next, and refuses a result that is not exactly one outcome and
one voice for each candidate. The tests beside this file pin what it relies on in durable-rules 2.0.28.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from engine.inference.facts import Answer, Facts, Voice
from engine.inference.ruleset import RULES, Generic, Of, Phase
from engine.reasons import Outcome, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from enum import StrEnum

WHY_NOT = ""
"""Why durable-rules cannot decide here, as a sentence; empty where it can."""
try:
    from durable import engine
except ImportError as error:  # pragma: no cover - only where it cannot be imported: Python 3.13 and later
    WHY_NOT = f"durable-rules cannot be imported here ({error}): the reference decides alone, unchecked."

Fact = dict[str, str | int]
"""A fact as durable-rules holds it: integers and strings only, its kind among them."""

_Member = TypeVar("_Member", bound="StrEnum")
_NAME = "firstbell"


class DurableError(Exception):
    """durable-rules did not do its work, so nothing may be concluded from what it said."""


def available() -> bool:
    """Whether durable-rules can decide here; where it cannot, `WHY_NOT` says why.

    >>> available() or "cannot be imported" in WHY_NOT
    True
    """
    return not WHY_NOT


class DurableInference:
    """Infers by durable-rules. Make one for each process and thread: a host is never given back whole.

    >>> from engine.inference import reference
    >>> from engine.inference.facts import Candidate
    >>> from engine.reasons import Result
    >>> rule = Candidate("day-1", "absence", 1, Result.MATCHED, "send", message=10)
    >>> infer = DurableInference().infer if available() else reference.infer
    >>> print(*infer(Facts(candidates=(rule,))))
    day-1: act (rule_holds), message: go
    """

    def __init__(self, rules: Mapping[str, Generic] = RULES) -> None:
        self._said: list[Fact] = []
        self._told = 0
        # A plain Host starts two timer threads that cannot be stopped.
        self._host: Any = type("QuietHost", (engine.Host,), {"_run": lambda _: None})()
        # Registering takes the actions out of the definition it is given: give it a new one.
        self._host.set_rulesets({_NAME: {name: self._definition(rule) for name, rule in rules.items()}})
        # A first state deleted before any action ran would free memory that was never set: run one.
        self._phase(Phase.READY)
        self._forget()

    def infer(self, facts: Facts) -> tuple[Answer, ...]:
        """One answer for each candidate, in order of rule names.

        Raises:
            DurableError: a fact was refused, an action failed, or an answer is missing or twofold.
        """
        if not facts.candidates:
            return ()
        try:
            return self._infer(facts)
        finally:
            self._forget()

    def _infer(self, facts: Facts) -> tuple[Answer, ...]:
        number = _numbers(facts)
        self._tell(_as_told(facts, number))
        self._tell(self._phase(Phase.OBJECT))
        settled = self._phase(Phase.SETTLE)
        # Several reasons make one outcome, and one outcome has one voice.
        self._tell(_distinct({field: fact[field] for field in fact if field != "reason"} for fact in settled))
        said = settled + self._phase(Phase.SPEAK)
        return tuple(
            _answer(c.rule, [fact for fact in said if fact["rule"] == number[c.rule]])
            for c in facts.candidates
        )

    def _forget(self) -> None:
        """Nothing of a subject is left for the next one."""
        self._said.clear()
        self._told = 0
        self._host.delete_state(_NAME)

    def _phase(self, phase: Phase) -> list[Fact]:
        """What the rules of the phase say of the facts told so far, each thing once."""
        state = self._tell([{"kind": "go", "phase": phase}])
        if isinstance(state, int):
            raise DurableError(
                f"durable-rules gave up in phase {phase.value!r}: by the clock one action took over 10 s."
                " Was the computer asleep, or its clock set? Nothing was concluded: run it again"
            )
        if state and "exception" in state:
            raise DurableError(
                f"durable-rules failed in phase {phase.value!r}: {state['exception']}. Nothing was concluded:"
                " report this"
            )
        said = _distinct(self._said)
        self._said.clear()
        return said

    def _tell(self, facts: Iterable[Fact]) -> dict[str, Any] | int | None:
        """Asserts the facts; the state after the last: None where no action ran, 0 where one was given up."""
        state: dict[str, Any] | int | None = None
        for fact in facts:
            self._told += 1
            # The library knows a fact by a 32-bit hash of its id: of small numbers no two are the same.
            numbered = {"id": self._told, "subject": 1, **fact}
            try:
                state = self._host.assert_fact(_NAME, numbered)
            except (engine.MessageObservedException, engine.MessageNotHandledException) as refusal:
                raise DurableError(
                    f"durable-rules refused a fact of ours, {fact}. Nothing was concluded: report this"
                ) from refusal
        return state

    def _definition(self, rule: Generic) -> dict[str, object]:
        """The rule with its action, which only writes down what follows: exceptions in it are swallowed."""

        def say(met: object) -> None:
            self._said.append(
                {
                    field: getattr(met, value.name)[value.field] if isinstance(value, Of) else value
                    for field, value in rule.says.items()
                }
            )

        return {**rule.definition(), "run": say}


def _numbers(facts: Facts) -> dict[str, int]:
    """A number for each name, in the order of names, with 0 for the empty one.

    Strings durable-rules joins by a 32-bit hash and compares as raw JSON text; numbers are safe.
    """
    names = {"", *facts.open_rules, *facts.blown, *(stand.ladder for stand in facts.stands)}
    for candidate in facts.candidates:
        names |= {candidate.rule, candidate.ladder, candidate.waits_for}
    return {name: number for number, name in enumerate(sorted(names))}


def _as_told(facts: Facts, number: Mapping[str, int]) -> Iterator[Fact]:
    """The facts in the form and order that durable-rules takes them: circumstances first, candidates last."""
    for circumstance in facts.circumstances:
        yield {"kind": "circumstance", "reason": Reason[circumstance.name]}
    for stand in facts.stands:
        yield {"kind": "stand", "ladder": number[stand.ladder], "stage": stand.stage, "owed": int(stand.owed)}
    for rule in facts.open_rules:
        yield {"kind": "open", "rule": number[rule]}
    for rule in facts.blown:
        yield {"kind": "blown", "rule": number[rule]}
    if facts.spoken:
        yield {"kind": "spoken", "message": facts.spoken}
    for c in facts.candidates:
        for why in c.not_yet:
            yield {"kind": "not yet", "rule": number[c.rule], "reason": why}
        names: Fact = {"rule": number[c.rule], "ladder": number[c.ladder], "waits": number[c.waits_for]}
        own: Fact = {"stage": c.stage, "truth": c.truth, "autonomy": c.autonomy, "message": c.message}
        own["early"] = int(bool(c.not_yet))
        yield {"kind": "candidate"} | names | own


def _distinct(facts: Iterable[Fact]) -> list[Fact]:
    """Each fact once, in the order first met."""
    return list({tuple(fact.items()): fact for fact in facts}.values())


def _answer(rule: str, said: list[Fact]) -> Answer:
    """The answer for one rule from all that was said of it: exactly one outcome and exactly one voice."""
    outcomes, voices = _members(Outcome, "outcome", said), _members(Voice, "voice", said)
    if len(outcomes) != 1 or len(voices) != 1:
        raise DurableError(
            f"durable-rules gave rule {rule!r} the outcomes [{', '.join(outcomes)}] and the voices"
            f" [{', '.join(voices)}]: it must be one of each. Nothing was concluded: report this"
        )
    return Answer(rule, outcomes[0], tuple(_members(Reason, "reason", said)), voices[0])


def _members(kind: type[_Member], field: str, said: list[Fact]) -> list[_Member]:
    """The members that stand in this field, in the order of their enum."""
    values = {fact.get(field) for fact in said}
    return [member for member in kind if member in values]
