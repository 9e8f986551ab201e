"""What families say about how they are written to, kept by a member of staff in the family's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.records import Contact
from messaging.email_addresses import Email, email
from messaging.envelope import address_lines
from messaging.phones import telephone
from messaging.wishes import OPT_OUTS, About, Wish
from workflows.acting import CannotDo, staff_member
from workflows.ports import Clock, Store, Unit
from workflows.subjects import NotKnown, did_you_mean, known_schools
from workflows.unreachable import reach_of
from workflows.values import Bounce, Entry

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Person:
    """One contact of a school: the links to each of their children, and where all of those say they are."""

    school_id: str
    links: tuple[Contact, ...]

    @property
    def contact_id(self) -> str:
        """The id that all links share."""
        return self.links[0].contact_id

    @property
    def name(self) -> str:
        """Their name."""
        return self.links[0].name

    @property
    def addresses(self) -> tuple[str, ...]:
        """Their telephone numbers, as +44..., and e-mail addresses, as far as they are any."""
        numbers = [telephone(each.phone) for each in self.links]
        emails = [email(each.email) for each in self.links]
        found = [each for each in numbers if isinstance(each, str)]
        found += [each.address for each in emails if isinstance(each, Email)]
        return tuple(dict.fromkeys(found))

    @property
    def places(self) -> tuple[str, ...]:
        """Those, and their postal addresses, a line each: wherever something can bounce from."""
        homes = ("\n".join(address_lines(each.address)) for each in self.links)
        return tuple(dict.fromkeys((*self.addresses, *filter(None, homes))))


@dataclass(frozen=True, slots=True)
class Families:
    """What families say; CannotDo says why something cannot be written down.

    `who` is a contact's id, or a part of a name that fits one contact; `by` a staff id, or a part of a name;
    `at` is when it was said (default now).
    """

    store: Store
    clock: Clock

    def wish(
        self,
        who: str,
        by: str,
        matters: Mapping[About, str],
        words: str,
        how: str = "",
        at: datetime | None = None,
        schools: Sequence[str] = (),
    ) -> tuple[Person, tuple[Wish, ...]]:
        """Write down what a contact wishes in some matters: `words` are the family's own, `how` they came.

        To be left out of messages holds for the numbers and e-mail addresses too: for every contact, at every
        school, who has them.
        """
        if not matters:
            raise CannotDo(
                "say what they wish: --no-texts, --no-praise, --letters-by email, --large-print, ..."
            )
        if not words.strip():
            raise CannotDo("--why is what the family said, in their own words: it is empty")
        with self.store.transaction() as unit:
            person = person_meant(unit, who, schools)
            when = at or self.clock()
            speaker = staff_member(unit, person.school_id, by).staff_id
            told = tuple(
                Wish(
                    *(person.school_id, person.contact_id, address, about, value.strip()),
                    *(speaker, when, how.strip(), words.strip()),
                )
                for about, value in matters.items()
                for address in _holds_for(person, about)
            )
            for wish in told:
                unit.say_wish(wish)
            content: dict[str, object] = {
                "contact_id": person.contact_id,
                "wishes": {about.value: value.strip() for about, value in matters.items()},
                "addresses": sorted({wish.address for wish in told} - {""}),
                "by": speaker,
                "how": how.strip(),
                "words": words.strip(),
            }
            unit.append(person.school_id, when, [Entry("wish", person.contact_id, content)])
        return person, told

    def works(
        self, who: str, by: str, because: str, at: datetime | None = None, schools: Sequence[str] = ()
    ) -> tuple[Person, tuple[str, ...]]:
        """Say that what bounced of a contact works after all; what it is."""
        with self.store.transaction() as unit:
            person = person_meant(unit, who, schools)
            when = at or self.clock()
            speaker = staff_member(unit, person.school_id, by).staff_id
            bounced = reach_of(unit, person.school_id, when).bounced
            again = tuple(address for address in person.places if address in bounced)
            if not again:
                raise CannotDo(f"no number or address of {person.name} has bounced: there is nothing to say")
            for address in again:
                post = "letter" if "\n" in address else "sms"
                kind = "email" if "@" in address else post
                said = (person.school_id, person.contact_id, address, kind, when, because.strip())
                unit.note_bounce(Bounce(*said, by=speaker, works=True))
            content: dict[str, object] = {
                "contact_id": person.contact_id,
                "works": list(again),
                "by": speaker,
                "because": because.strip(),
            }
            unit.append(person.school_id, when, [Entry("bounce", person.contact_id, content)])
        return person, again


def person_meant(unit: Unit, who: str, schools: Sequence[str] = ()) -> Person:
    """The one contact meant by an id or by a part of a name, of these schools (of all); NotKnown else."""
    wanted = who.strip().casefold()
    people: dict[tuple[str, str], list[Contact]] = {}
    for school_id in known_schools(schools, unit.school_ids()) or unit.school_ids():
        for contact in unit.contacts(school_id):
            people.setdefault((school_id, contact.contact_id), []).append(contact)
    all_there = [Person(school_id, tuple(links)) for (school_id, _), links in people.items()]
    fits = [each for each in all_there if each.contact_id.casefold() == wanted]
    fits = fits or [each for each in all_there if wanted and wanted in each.name.casefold()]
    if len(fits) == 1:
        return fits[0]
    if fits:
        several = ", ".join(
            f"{each.name} ({each.contact_id}, {each.school_id})" for each in fits[:_MOST_NAMED]
        )
        several += f" and {len(fits) - _MOST_NAMED} more" if len(fits) > _MOST_NAMED else ""
        raise NotKnown(f"{who!r} fits several people: {several}; give a contact's id, or name the --school")
    shown = {f"{each.name} ({each.contact_id})": (each.name, each.contact_id) for each in all_there}
    raise NotKnown(f"there is no contact {who!r}{did_you_mean(who, shown)}")


def _holds_for(person: Person, about: About) -> tuple[str, ...]:
    """The addresses that a wish holds for as well; an empty one where it is the contact's alone."""
    if about not in OPT_OUTS:
        return ("",)
    own = person.addresses
    if about is About.SMS:
        own = tuple(address for address in own if "@" not in address)
    if about is About.EMAIL:
        own = tuple(address for address in own if "@" in address)
    return own or ("",)
