"""Whom a rule speaks of, told: as data beside every decision, and in words to whom it leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from engine.records import Pupil, value_of
from engine.rulebook.model import AppliesTo

Json = dict[str, object]
CALLED = {
    "year_group": "year group", "sex": "sex", "fsm": "free school meals", "sen": "special needs",
    "eal": "English as an additional language", "ethnicity": "ethnicity", "looked_after": "looked after",
    "social_worker": "social worker", "young_carer": "young carer",
}  # fmt: skip


@lru_cache(maxsize=1_000)
def scope_of(to: AppliesTo) -> Json:
    """What `applies_to` says, each part that says anything; of a rule for everybody nothing.

    >>> scope_of(AppliesTo(years=("7", "8"), where=(("sen", ("E", "K")),)))
    {'years': ['7', '8'], 'where': {'sen': ['E', 'K']}}
    """
    listed: Json = {
        name: list(getattr(to, name))
        for name in ("years", "phases", "flagged", "unless_flagged")
        if getattr(to, name)
    }
    columns = (("where", to.where), ("where_not", to.where_not))
    return listed | {name: {by: list(values) for by, values in said} for name, said in columns if said}


def left_out_because(to: AppliesTo, phase: str, pupil: Pupil) -> str:
    """Why a rule does not speak of a pupil, by the first part of its scope that leaves them out.

    >>> from datetime import date
    >>> pupil = Pupil("u", "s", "A", "B", "8", date(2025, 9, 1), sen="N")
    >>> left_out_because(AppliesTo(where=(("sen", ("E", "K")),)), "secondary", pupil)
    'the rule does not speak of this pupil: special needs is N, it is for E or K'
    """
    first, *_ = _reasons(to, phase, pupil)
    return f"the rule does not speak of this pupil: {first}"


def _reasons(to: AppliesTo, phase: str, pupil: Pupil) -> Iterator[str]:
    if to.phases and phase not in to.phases:
        yield f"the school is {phase}, it is for {_any_of(to.phases)}"
    if to.years and pupil.year_group not in to.years:
        yield f"year group is {pupil.year_group}, it is for {_any_of(to.years)}"
    if to.flagged and not set(to.flagged) & set(pupil.flags):
        yield f"it is for those flagged {_any_of(to.flagged)}"
    yield from (f"it is not for those flagged {flag}" for flag in to.unless_flagged if flag in pupil.flags)
    for by, values in to.where:
        if (said := value_of(pupil, by)) not in values:
            yield f"{CALLED[by]} is {said or 'not recorded'}, it is for {_any_of(values)}"
    for by, values in to.where_not:
        if (said := value_of(pupil, by)) in values:
            yield f"{CALLED[by]} is {said or 'not recorded'}, it is not for {_any_of(values)}"


def _any_of(values: Sequence[str]) -> str:
    return " or ".join(value or "not recorded" for value in values)
