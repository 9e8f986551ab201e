"""The recall list as people use it: see who was told what, add to it, say that no apology is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.reasons import Reason
from engine.records import Staff
from engine.snapshot import Snapshot
from messaging.layers import of_school
from workflows.apology import apology_id
from workflows.approving import approved_versions
from workflows.change import Change
from workflows.drafting import Templates, Words
from workflows.judged_again import changed_since
from workflows.library import Kept, Library
from workflows.open_cases import Ruled
from workflows.outbox import NotInOutbox, chosen, must_say, said
from workflows.ports import Clock, Store, Unit
from workflows.recall import RECALLED_UP_TO, Recall, Wrong, draft_apology, note_recall, recall_entry
from workflows.values import LEAVING, UNSENT, Message, MessageState

_REACHED = (MessageState.SENT, MessageState.DELIVERED)
_About = Callable[[Unit, Change, Message, Staff], None]


@dataclass(frozen=True, slots=True)
class OnTheList:
    """One message that left and was wrong, and its apology; None where there were no words for one."""

    message: Message
    apology: Message | None
    child: str
    to: str


@dataclass(frozen=True, slots=True)
class RecallList:
    """The use cases of the recall list, with everything they need.

    `by` is a staff id, or a part of a name, of somebody at the school. NotInOutbox and CannotDo say why
    something cannot be done.
    """

    store: Store
    library: Library
    templates: Templates
    clock: Clock

    def look(self) -> None:
        """Judge what left every school on its register as it now stands, as each run does."""
        with self.store.reading() as unit:
            school_ids = unit.school_ids()
        for school_id in school_ids:
            with self.store.transaction() as unit:
                self._look(unit, school_id)

    def on_it(self) -> tuple[OnTheList, ...]:
        """Everything that is on the list now, the oldest first."""
        found = []
        with self.store.reading() as unit:
            for school_id in unit.school_ids():
                listed = unit.contradicted(school_id)
                apologies = unit.messages_named([apology_id(each) for each in listed])
                sorry = {each.message_id: each for each in apologies}
                contacts = unit.links({each.contact_id for each in listed})
                to = {(each.contact_id, each.upn): each.name for each in contacts}
                pupils = {each.upn: f"{each.first_name} {each.last_name}" for each in unit.pupils(school_id)}
                found += [
                    OnTheList(
                        each,
                        sorry.get(apology_id(each)),
                        pupils.get(each.subject, each.subject),
                        to.get((each.contact_id, each.subject), each.contact_id),
                    )
                    for each in listed
                ]
        return tuple(sorted(found, key=lambda each: (each.message.contradicted_at, each.message.message_id)))

    def add(self, ids: Sequence[str], by: str, why: str) -> list[Message]:
        """Put messages on the list that were wrong for a reason that no register shows; all, or none."""
        must_say(why, "say what was wrong with it: whoever approves the apology reads that")
        at = self.clock()

        def added(unit: Unit, change: Change, message: Message, who: Staff) -> None:
            if message.state not in _REACHED or message.apology_for:
                what = "an apology itself" if message.apology_for else said(message)
                raise NotInOutbox(
                    f"{message.message_id} is {what}: only what was sent goes on the recall list"
                )
            if message.contradicted_at is not None:
                raise NotInOutbox(f"{message.message_id} is on the recall list already")
            because = f"{who.name} says: {why.strip()}"
            wrong = replace(message, contradicted_at=at, contradicted_by=who.staff_id)
            wrong = replace(wrong, contradicted_because=because)
            change.put_message(wrong)
            draft_apology(change, unit, wrong, Wrong(because), self._words(unit, message.school_id))
            change.entries.append(recall_entry(wrong, because, by=who.staff_id))

        return self._each(ids, by, at, added)

    def none_needed(self, ids: Sequence[str], by: str, why: str) -> list[Message]:
        """Say of messages on the list that nobody need say sorry for them; all, or none."""
        must_say(why, "say why the family needs no word, such as that somebody rang them")

        def settled(unit: Unit, change: Change, message: Message, who: Staff) -> None:
            if message.contradicted_at is None or message.state not in _REACHED:
                raise NotInOutbox(f"{message.message_id} is not on the recall list: it is {said(message)}")
            change.look_at(unit.messages_named([apology_id(message)]))
            sorry = change.messages.get(apology_id(message))
            if sorry is not None and sorry.state in LEAVING:
                raise NotInOutbox(f"the apology {sorry.message_id} is {said(sorry)}: it may have left")
            if sorry is not None and sorry.state in UNSENT:
                change.end_message(sorry, MessageState.WITHDRAWN, at, Reason.NO_APOLOGY)
            recalled = replace(message, state=MessageState.RECALLED)
            change.put_message(recalled)
            change.entries.append(recall_entry(recalled, why.strip(), by=who.staff_id))

        at = self.clock()
        return self._each(ids, by, at, settled)

    def _each(self, ids: Sequence[str], by: str, at: datetime, do: _About) -> list[Message]:
        """The same about each message, in one transaction; as they stand then."""
        done = []
        with self.store.transaction() as unit:
            for message, who in chosen(unit, ids, by):
                change = Change.of((), (), (message,))
                do(unit, change, message, who)
                change.write(unit, message.school_id, at, at)
                done.append(change.messages[message.message_id])
        return done

    def _look(self, unit: Unit, school_id: str) -> None:
        at = self.clock()
        changed = changed_since(unit, school_id, at, RECALLED_UP_TO)
        if not (changed.everything or changed.since or unit.contradicted(school_id)):
            return
        snapshot = Snapshot.build(unit.facts(school_id, at))
        change = Change.of((), (), unit.messages(school_id, LEAVING))
        rulebook = self.library.for_school(school_id)
        ruled = Ruled(rulebook, Kept(unit, self.library, rulebook))
        looked = Recall(unit, snapshot, change, ruled, self._words(unit, school_id), at).look()
        change.write(unit, school_id, at, at)
        note_recall(unit, school_id, looked)

    def _words(self, unit: Unit, school_id: str) -> Words:
        return Words(of_school(self.templates, school_id), approved_versions(unit))
