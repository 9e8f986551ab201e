"""A set of facts in parts that do not touch each other, each in its plainest form.

Two candidates touch where they stand on one ladder, where one waits for the other, or where both would
speak to the family. What is known of the others changes nothing for them, so each part is asked alone.
And inference looks at a name only to see whether two are the same (of rules also which comes first,
between equal messages), at a stage or a message only to see which is higher, at circumstances only to see
that there are some: parts that differ in nothing else have one form, and the same answers.

A night's facts are some 1,600 sets, no two alike, and their parts have 190 forms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from engine.inference.facts import Answer, Candidate, Facts, Stand
from engine.reasons import Circumstance, Reason


@dataclass(frozen=True, slots=True)
class Part:
    """Candidates that touch, by turn, and what inference sees beside them; equal ones have equal answers."""

    candidates: tuple[Candidate, ...]
    stands: tuple[Stand, ...]
    open_rules: tuple[str, ...]
    blown: tuple[str, ...]
    spoken: int
    circumstances: tuple[Circumstance, ...]

    @classmethod
    def of(cls, facts: Facts, candidates: Iterable[Candidate]) -> Part:
        """Some candidates of the facts, with what they can see of them."""
        by_turn = tuple(sorted(candidates, key=lambda c: (c.message, c.rule)))
        waited_for = {candidate.waits_for for candidate in by_turn}
        ladders = {candidate.ladder for candidate in by_turn}
        open_rules = tuple(rule for rule in facts.open_rules if rule in waited_for)
        known = {*open_rules, *(candidate.rule for candidate in by_turn)}
        heard = [candidate.message for candidate in by_turn if candidate.message <= facts.spoken]
        return cls(
            candidates=by_turn,
            stands=tuple(stand for stand in facts.stands if stand.ladder in ladders),
            open_rules=open_rules,
            blown=tuple(rule for rule in facts.blown if rule in known),
            spoken=max(heard, default=0),  # what lies between two is as the lower
            circumstances=facts.circumstances,
        )

    @property
    def form(self) -> Facts:
        """The plainest facts of which the same can be said."""
        rules, ladders = self._rules, _numbered(candidate.ladder for candidate in self.candidates)
        stages: dict[str, set[int]] = defaultdict(set)
        standing: tuple[Candidate | Stand, ...] = (*self.candidates, *self.stands)
        for one in standing:
            stages[one.ladder].add(one.stage)
        messages = {0, *(candidate.message for candidate in self.candidates)}
        return Facts(
            circumstances=tuple(self._few),
            stands=tuple(
                Stand(ladders[each.ladder], _place(each.stage, stages[each.ladder]), each.owed)
                for each in self.stands
            ),
            open_rules=tuple(rules[rule] for rule in self.open_rules),
            blown=tuple(rules[rule] for rule in self.blown),
            spoken=_place(self.spoken, messages),
            candidates=tuple(
                replace(
                    each,
                    rule=rules[each.rule],
                    ladder=ladders[each.ladder],
                    stage=_place(each.stage, stages[each.ladder]),
                    waits_for=rules.get(each.waits_for, ""),
                    message=_place(each.message, messages),
                )
                for each in self.candidates
            ),
        )

    def answers(self, of_form: Iterable[Answer]) -> tuple[Answer, ...]:
        """The answers of the form as answers for the rules of this part."""
        own = {number: rule for rule, number in self._rules.items()}
        reasons = {Reason[one.name]: Reason[each.name] for one, each in self._few.items()}
        return tuple(
            replace(
                answer,
                rule=own[answer.rule],
                reasons=tuple(reasons.get(reason, reason) for reason in answer.reasons),
            )
            for answer in of_form
        )

    @property
    def _rules(self) -> dict[str, str]:
        """The number of each rule that is named."""
        return _numbered((*(candidate.rule for candidate in self.candidates), *self.open_rules))

    @property
    def _few(self) -> dict[Circumstance, Circumstance]:
        """As many circumstances, each for one of its own."""
        return dict(zip(Circumstance, self.circumstances, strict=False))


def apart(facts: Facts) -> list[Part]:
    """The parts of some facts: together they hold every candidate once.

    >>> from engine.reasons import Result
    >>> ill = Candidate("ill", "absence", 3, Result.MATCHED, "send", "call")
    >>> low = Candidate("low", "rate", 2, Result.MATCHED, "send", "tea")
    >>> one, other = apart(Facts(open_rules=("call",), candidates=(ill, low)))
    >>> one.form.open_rules, other.form.open_rules
    (('002',), ())
    >>> [alike, as_well] = apart(Facts(candidates=(ill, low)))
    >>> alike.form == as_well.form
    True
    """
    parts: list[list[Candidate]] = []
    for candidate in facts.candidates:
        near = [part for part in parts if any(_touch(candidate, other) for other in part)]
        parts = [*(part for part in parts if part not in near), [candidate, *chain.from_iterable(near)]]
    return [Part.of(facts, part) for part in parts]


def _touch(one: Candidate, other: Candidate) -> bool:
    speak = one.message > 0 and other.message > 0
    return speak or one.ladder == other.ladder or one.waits_for == other.rule or other.waits_for == one.rule


def _numbered(names: Iterable[str]) -> dict[str, str]:
    """A number for each name, as a name that sorts in the order given."""
    return {name: f"{number:03}" for number, name in enumerate(dict.fromkeys(names), start=1)}


def _place(number: int, among: Iterable[int]) -> int:
    """How many of these numbers are lower."""
    return sorted(among).index(number)
