"""Whether the wordings are fit for families: every check over every template, all that is wrong at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from messaging.faults import Fault, TemplateError
from messaging.languages import ENGLISH
from messaging.layers import Layered, Templates
from messaging.lint import says, structure
from messaging.lint.subject import Subject
from messaging.render import used
from messaging.scripts import ALL_SCRIPTS
from messaging.templates import Template

CHECKS: Final[tuple[Callable[[Subject], Iterator[Fault]], ...]] = (
    structure.list_is_used,
    structure.translates,
    structure.goes_as_it_must,
    structure.heeds_each_life,
    structure.names_its_reference,
    structure.names_its_absences,
    says.counts_in_days,
    says.keeps_health_out_of_texts,
    says.speaks_plainly,
    says.is_short,
    says.reads_easily,
)
_MISSING: Final = "every common reason has a script for the telephone, and this one is missing: write it"


def faults_everywhere(templates: Templates) -> list[Fault]:
    """All that is wrong with the wordings of any school, by file and line: those left out, too."""
    found = set(faults_of(templates))
    if isinstance(templates, Layered):
        found |= {fault for faults in templates.left_out.values() for fault in faults}
        found |= {fault for own in templates.own.values() for fault in faults_of(own)}
    return sorted(found)


def faults_of(templates: Templates) -> list[Fault]:
    """Everything that is wrong with a set of templates, by file and line; a call script that is missing too.

    A set without any call script is a part of one, and misses none.
    """
    found = [fault for each in templates.values() for fault in faults(each, _english(each, templates))]
    calls = [template for template in templates.values() if template.name in ALL_SCRIPTS]
    missing = [name for name in ALL_SCRIPTS if calls and (name, "call", ENGLISH) not in templates]
    found += [Fault(_beside(calls[0], name), 1, _MISSING) for name in missing]
    return sorted(set(found))


@lru_cache(maxsize=1024)
def faults(template: Template, english: Template | None = None) -> tuple[Fault, ...]:
    """Everything that is wrong with one template; `english` is what one in another language translates."""
    try:
        used(template)
    except TemplateError as wrong:
        return wrong.faults
    subject, found = Subject(template, english), dict[Fault, None]()
    for check in CHECKS:
        try:
            found |= dict.fromkeys(check(subject))
        except TemplateError as wrong:
            found |= dict.fromkeys(wrong.faults)
    return tuple(sorted(found))


def _english(template: Template, templates: Templates) -> Template | None:
    """What a wording in another language translates."""
    if template.language == ENGLISH:
        return None
    return templates.get((template.name, template.channel, ENGLISH))


def _beside(template: Template, name: str) -> Path:
    return template.source.parent.with_name(name) / "call.en.txt"
