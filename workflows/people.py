"""Whose task it is, and which pupils are one family."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from operator import itemgetter

from engine.records import Contact, Pupil, Staff
from messaging.relationships import PROFESSIONALS, tie
from workflows.subjects import did_you_mean

FALL_BACK = "attendance_officer"
SECOND = (FALL_BACK, "attendance_champion", "senior_leader")


def owner(
    role: str,
    pupil: Pupil | None,
    staff: Sequence[Staff],
    *,
    key_adult: bool = True,
    out: Collection[str] = (),
    reserved: bool = False,
) -> str:
    """The staff id of a task's owner; empty where nobody is there: unassigned, never dropped.

    The key adult, else the role within `covers` (form before year before the whole school), else the
    deputy of somebody with the role, else the attendance officer (semantics 21). Who is `out` is passed
    over: for their deputy, else for the next in line. `key_adult=False` for a legal step: only the role
    that may decide it owns it (docs/decisions/003); what is `reserved` so waits for its role rather than
    go to somebody who may not decide.
    """
    here = {person.staff_id for person in staff}.difference(out)

    def in_for(person: Staff) -> str:
        """Who does the work of somebody: they, or their deputy."""
        return next((each for each in (person.staff_id, person.deputy) if each in here), "")

    if key_adult and pupil is not None and pupil.key_adult:
        known = (in_for(person) for person in staff if person.staff_id == pupil.key_adult)
        if found := next(filter(None, known), ""):
            return found
    for wanted in dict.fromkeys((role, FALL_BACK)):
        holders = sorted((p for p in staff if wanted in p.roles), key=lambda person: person.staff_id)
        nearest = [(distance(person, pupil), person) for person in holders]
        covering = [(far, person) for far, person in nearest if far is not None]
        in_turn = [in_for(person) for _, person in sorted(covering, key=itemgetter(0))]
        if not covering:
            in_turn = [person.deputy for person in holders if person.deputy in here]
        if reserved:
            in_turn += [in_for(person) for person in holders]
        if found := next(filter(None, in_turn), ""):
            return found
        if reserved and holders:
            return owner(role, pupil, staff, key_adult=False, reserved=True)
    return ""


def second_owner(
    role: str, first: str, staff: Sequence[Staff], *, reserved: bool, out: Collection[str] = ()
) -> str:
    """Who takes over what was not done in time: never the same person; empty where nobody else may.

    The deputy, else the attendance officer, the attendance champion, a senior leader, as far as they are not
    `out`. What is `reserved` to a role goes to a deputy or to another who holds it: a legal step belongs to
    its role (docs/decisions/003).
    """
    here = {person.staff_id: person for person in staff}
    others = [each for each in staff if each.staff_id != first and each.staff_id not in out]
    deputy = here[first].deputy if first in here else ""
    in_turn = [each for each in others if each.staff_id == deputy]
    for wanted in (role,) if reserved else SECOND:
        in_turn += sorted((p for p in others if wanted in p.roles), key=lambda person: person.staff_id)
    able = [p for p in in_turn if not reserved or may_decide(p, role, "", staff)]
    return able[0].staff_id if able else ""


def may_decide(who: Staff, role: str, assignee: str, staff: Sequence[Staff]) -> bool:
    """Whether somebody may decide what is reserved to a role: they hold it, or deputise for one who does.

    Where nobody holds it, the one who was asked instead may.
    """
    holders = [person for person in staff if role in person.roles]
    if not holders:
        return who.staff_id == assignee
    return who in holders or who.staff_id in {holder.deputy for holder in holders}


def person(named: str, staff: Sequence[Staff]) -> list[Staff]:
    """The people meant by a staff id, a whole name, or a part of one: the best fit alone, if there is one."""
    wanted = named.strip().casefold()
    for fits in (
        [each for each in staff if each.staff_id == named.strip()],
        [each for each in staff if each.name.casefold() == wanted],
        [each for each in staff if wanted and wanted in each.name.casefold()],
    ):
        if fits:
            return fits
    return []


def near(named: str, staff: Iterable[Staff]) -> str:
    """Who was probably meant where `person` finds nobody, to end a sentence with; empty where nobody was."""
    there = {
        f"{each.name} ({each.staff_id})": (each.name, each.staff_id, *each.name.split()) for each in staff
    }
    return did_you_mean(named, there)


def distance(person: Staff, pupil: Pupil | None) -> int | None:
    """How closely somebody covers a pupil: 0 the form, 1 the year, 2 everybody; None not at all."""
    if not person.covers:
        return 2
    if pupil is None:
        return None
    if pupil.form and pupil.form in person.covers:
        return 0
    return 1 if pupil.year_group in person.covers else None


def safeguarding(pupil: Pupil) -> bool:
    """Whether the safety of a child is somebody's business already: their tasks come first."""
    return pupil.social_worker or "safeguarding" in {flag.strip().lower() for flag in pupil.flags}


def families(contacts: Iterable[Contact]) -> dict[str, str]:
    """The family of each pupil: the least UPN among those joined by a shared contact.

    A social worker, a virtual school or another who has to do with children by their work joins none.
    """
    leader: dict[str, str] = {}
    first: dict[str, str] = {}

    def find(upn: str) -> str:
        while leader[upn] != upn:
            upn = leader[upn]
        return upn

    for contact in contacts:
        leader.setdefault(contact.upn, contact.upn)
        if tie(contact.relationship) in PROFESSIONALS:
            continue
        other = first.setdefault(contact.contact_id, contact.upn)
        if other != contact.upn:  # few contacts have two children at a school
            one, other = find(contact.upn), find(other)
            leader[max(one, other)] = min(one, other)
    return {upn: find(upn) for upn in leader}
