"""Whether a template is built as every one must be: its lists, its branches, what it has to name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from messaging.faults import Fault
from messaging.front_matter import STATUTORY
from messaging.lint.subject import SENT, Subject, in_case
from messaging.lint.tries import Tried
from messaging.variables import CIRCUMSTANCES, NO, VARIABLES, YES

_ENGLISH_GRAMMAR: Final = ("was", "has", "is")


def list_is_used(one: Subject) -> Iterator[Fault]:
    """The list of variables holds what is used, and nothing else."""
    for name in one.template.mentions:
        if name not in VARIABLES:
            yield one.template.fault(
                "variables", f"{name!r} is no variable of a message: take it off the list"
            )
        elif name not in one.used.lines:
            yield one.template.fault("variables", f"{name!r} is listed and not used: take it off the list")


def heeds_each_life(one: Subject) -> Iterator[Fault]:
    """For each circumstance there are words, or it says that the same words fit."""
    for name in CIRCUMSTANCES:
        branched, same = name in one.used.deciding, name in one.template.same_for
        if not branched and not same:
            yield one.template.fault(
                one.template.starts,
                f"nothing is said for {name}: write {{% if {name} == 'yes' %}} ... {{% endif %}}, or add "
                f"{name} to same_for if the same words fit such a child",
            )
        elif branched and same:
            yield one.template.fault("same_for", f"{name} has words of its own: take it off same_for")
        elif branched and _same_words(one, name):
            yield one.template.fault(
                one.used.lines[name],
                f"the words for {name} are those for everybody: change them, or say same_for",
            )


def _same_words(one: Subject, name: str) -> bool:
    plain = {_but(each, name): (each.title, each.text) for each in one.plain if each.values[name] == NO}
    own = {_but(each, name): (each.title, each.text) for each in one.plain if each.values[name] == YES}
    return all(plain.get(values, words) == words for values, words in own.items())


def _but(each: Tried, name: str) -> tuple[tuple[str, str], ...]:
    return tuple(item for item in each.values.items() if item[0] != name)


def names_its_reference(one: Subject) -> Iterator[Fault]:
    """Whoever gets it can quote something."""
    if one.template.channel not in SENT:
        return
    for each in one.plain:
        if each.values["ref"] not in each.text:
            what = f"no ref{in_case(each)}: a family must be able to quote it, write {{{{ ref }}}}"
            yield one.template.fault(one.template.starts, what)
            return


def names_its_absences(one: Subject) -> Iterator[Fault]:
    """A message about an absence names it."""
    if one.template.channel not in SENT or one.template.purpose != "absence":
        return
    for each in one.plain:
        dated = [each.values[name] for name in ("session", "dates") if each.values[name]]
        if dated and not any(value in each.text for value in dated):
            what = f"no date or session is named{in_case(each)}: write {{{{ session }}}} or {{{{ dates }}}}"
            yield one.template.fault(one.template.starts, what)
            return


def goes_as_it_must(one: Subject) -> Iterator[Fault]:
    """What is statutory is a letter."""
    if one.template.purpose == STATUTORY and one.template.channel != "letter":
        yield one.template.fault(
            "purpose", "what is statutory goes to each parent by letter: use another purpose"
        )


def translates(one: Subject) -> Iterator[Fault]:
    """What is in another language says the present English."""
    template, english = one.template, one.english
    if one.in_english:
        return
    if english is None:
        yield template.fault("translates", f"there is no {template.channel}.en.txt beside it to translate")
        return
    if english.layer > template.layer:
        return  # a nearer layer words it otherwise: there this is not used, and no mistake
    if template.translates != english.version:
        yield template.fault(
            "translates",
            f"it translates {template.translates}, and the English is now {english.version}: let a speaker "
            f"compare them, then write translates: {english.version}",
        )
    if template.purpose != english.purpose:
        yield template.fault("purpose", f"its purpose is that of the English: write {english.purpose}")
    for name in english.mentions:
        if name not in template.mentions and name not in _ENGLISH_GRAMMAR:
            yield template.fault("variables", f"the English says {name}, this does not: add it")
