"""Both engines on the same facts, compared: what decide() infers with."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import TypeVar

from engine.inference import durable as durable_rules
from engine.inference import reference as plain
from engine.inference.facts import Answer, Facts
from engine.inference.parts import Part, apart

Infer = Callable[[Facts], tuple[Answer, ...]]
"""An engine: one answer for each candidate, in order of rule names."""
_Key = TypeVar("_Key", Facts, Part)
REMEMBERED = 20_000
"""How many sets of facts are remembered at once, in each of four ways: some 20 MB each."""


class Disagreement(Exception):  # noqa: N818 - not an error of either engine until a person has looked
    """The two engines answer differently: one of them is wrong, so nothing may be done."""


@dataclass(frozen=True, slots=True)
class Inference:
    """Answers that both engines give; where `durable` is None, those of the reference alone.

    >>> from engine.inference.facts import Candidate
    >>> from engine.reasons import Result
    >>> day_1 = Candidate("day-1", "absence", 1, Result.MATCHED, "send", message=10)
    >>> [[answer]] = Inference.here().infer_all([("pupil A123", Facts(candidates=(day_1,)))])
    >>> print(answer)
    day-1: act (rule_holds), message: go
    """

    reference: Infer = plain.infer
    durable: Infer | None = None
    _known: dict[Facts, tuple[Answer, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _answered: dict[Hashable, dict[Hashable, tuple[Answer, ...]]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _of_part: dict[Part, tuple[Answer, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _of_form: dict[Facts, tuple[Answer, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @classmethod
    def here(cls) -> Inference:
        """Both engines, or the reference alone where durable-rules cannot be imported.

        Make one for each process and thread, and keep it.
        """
        return cls(durable=durable_rules.DurableInference().infer if durable_rules.available() else None)

    @property
    def sole(self) -> str:
        """Why one engine decides alone, as a sentence to print; empty where two agree.

        >>> Inference().sole
        'durable-rules was left out, so the reference decides alone and nothing checks it.'
        """
        if self.durable:
            return ""
        left_out = "durable-rules was left out, so the reference decides alone and nothing checks it."
        return durable_rules.WHY_NOT or left_out

    def answered(self, rules: Hashable) -> dict[Hashable, tuple[Answer, ...]]:
        """What was answered already about subjects of these rules, by all that was known of one.

        Who asks adds to it, and need not even make the facts of a subject of whom the same is known.

        >>> one = Inference()
        >>> one.answered("rules")["a pupil"] = ()
        >>> one.answered("rules"), one.answered("others")
        ({'a pupil': ()}, {})
        """
        if len(self._answered) + sum(map(len, self._answered.values())) >= REMEMBERED:
            self._answered.clear()
        return self._answered.setdefault(rules, {})

    def infer_all(self, subjects: Iterable[tuple[str, Facts]]) -> list[tuple[Answer, ...]]:
        """The answers for each (name, facts), in the order given; equal facts are inferred once.

        The reference judges the facts as they are, durable-rules each form of their parts
        (engine/inference/parts.py) once: the two agree only where taking apart changed nothing. What was
        agreed is remembered for the schools and nights to come: of a trust's 22,000 subjects 1,600 differ.

        Raises:
            Disagreement: the engines differ; the message names the subject and both answers.
        """
        answers = []
        for name, facts in subjects:
            found = self._known.get(facts)
            if found is None:
                found = _kept(self._known, facts, self._agreed(name, facts))
            answers.append(found)
        return answers

    def _agreed(self, name: str, facts: Facts) -> tuple[Answer, ...]:
        expected = self.reference(facts)
        if self.durable and (decided := self._in_parts(self.durable, facts)) != expected:
            pairs = zip_longest(decided, expected, fillvalue="no answer")
            differences = "".join(f"\n  durable-rules: {d}\n  reference:     {r}" for d, r in pairs if d != r)
            raise Disagreement(
                f"the two inference engines disagree on {name}:{differences}\n"
                f"Nothing was written. Report this text, with the facts: {facts}"
            )
        return expected

    def _in_parts(self, durable: Infer, facts: Facts) -> tuple[Answer, ...]:
        """What durable-rules says of the parts of these facts, in order of rule names."""
        answers: list[Answer] = []
        for part in apart(facts):
            found = self._of_part.get(part)
            if found is None:
                form = part.form
                of_form = self._of_form.get(form)
                if of_form is None:
                    of_form = _kept(self._of_form, form, durable(form))
                found = _kept(self._of_part, part, part.answers(of_form))
            answers += found
        return tuple(sorted(answers, key=lambda answer: answer.rule))


def _kept(
    known: dict[_Key, tuple[Answer, ...]], key: _Key, answers: tuple[Answer, ...]
) -> tuple[Answer, ...]:
    """The answers, remembered; where enough is, it is forgotten first."""
    if len(known) >= REMEMBERED:
        known.clear()
    known[key] = answers
    return answers
