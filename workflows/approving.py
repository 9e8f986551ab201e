"""A wording in another language goes to families once somebody who speaks it has said yes to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.records import Staff
from messaging.languages import ENGLISH, language_code, language_name
from messaging.layers import of_school
from messaging.lint import faults
from messaging.templates import Template
from workflows.acting import CannotDo
from workflows.drafting import Templates
from workflows.people import near, person
from workflows.ports import Clock, Store, Unit
from workflows.values import Entry, TemplateApproval

TRANSLATOR = "translator"


@dataclass(frozen=True, slots=True)
class Approving:
    """The use cases of translated wordings; CannotDo says why something cannot be done."""

    store: Store
    templates: Templates
    clock: Clock

    def approve(
        self, name: str, channel: str, language: str, by: str, why: str, at: datetime | None = None
    ) -> TemplateApproval:
        """Approve the wording as it stands, in the name of a translator: a later change of it needs another.

        `by` is the staff id, or a part of the name, of somebody with that role; the wording is that of their
        school. Where this version is approved already, that approval is given back and nothing written.
        """
        if not why.strip():
            raise CannotDo("--why is empty: say how the wording was looked at, for whoever asks later")
        code = language_code(language)
        if code is None:
            raise CannotDo(f"{language!r} is no language Firstbell knows")
        if code == ENGLISH:
            raise CannotDo("what is in English needs no translator: it goes by its golden file and its check")
        with self.store.transaction() as unit:
            translator = _translator(unit, by)
            template = _fit(of_school(self.templates, translator.school_id), name, channel, code)
            there = [each for each in unit.template_approvals() if each.version == template.version]
            if there:
                return there[0]
            when = at or self.clock()
            given = TemplateApproval(
                name,
                channel,
                code,
                template.version,
                translator.school_id,
                translator.staff_id,
                when,
                why.strip(),
            )
            unit.approve_template(given)
            unit.append(given.school_id, when, [_entry(given)])
        return given


def approved_versions(unit: Unit) -> frozenset[str]:
    """The versions that a translator has said yes to, for `messaging.wording`."""
    return frozenset(each.version for each in unit.template_approvals())


def _fit(templates: Templates, name: str, channel: str, code: str) -> Template:
    """The wording, if it is there and without a mistake."""
    template = templates.get((name, channel, code))
    if template is None:
        there = ", ".join(sorted(" ".join(key) for key in templates if key[2] != ENGLISH)) or "none"
        raise CannotDo(f"there is no {language_name(code)} wording {name} for {channel}; there are: {there}")
    wrong = faults(template, templates.get((name, channel, ENGLISH)))
    if wrong:
        raise CannotDo(f"it is not fit to be approved yet:\n{chr(10).join(map(str, wrong))}")
    return template


def _translator(unit: Unit, named: str) -> Staff:
    """The one person meant, of a school at which they are a translator."""
    staff = [each for school_id in unit.school_ids() for each in unit.staff(school_id)]
    fits = person(named, staff)
    if not fits:
        raise CannotDo(f"there is nobody {named!r} on the staff{near(named, staff)}")
    if len({(each.staff_id, each.name) for each in fits}) > 1:
        several = ", ".join(f"{each.name} ({each.staff_id}, {each.school_id})" for each in fits)
        raise CannotDo(f"{named!r} fits several people: {several}; give a staff id, or the whole name")
    able = [each for each in fits if TRANSLATOR in each.roles]
    if not able:
        raise CannotDo(
            f"{fits[0].name} does not have the role {TRANSLATOR}: only somebody with it says that a wording "
            "is right; it is given in staff.csv"
        )
    return able[0]


def _entry(given: TemplateApproval) -> Entry:
    content: dict[str, object] = {
        "template": given.template,
        "channel": given.channel,
        "language": given.language,
        "by": given.by,
        "why": given.why,
    }
    return Entry(
        "template_approval",
        f"{given.template}/{given.channel}.{given.language}",
        content,
        template=given.version,
    )
