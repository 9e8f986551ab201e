"""The use case "why did I get this?": a family quotes a message's reference, somebody at the school answers.

The answer speaks of that one message and of whom it names, nothing else: who had another reference wrong, or
made one up, learns nothing. Asking is kept in the ledger.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from engine.rulebook.prose import prose
from workflows.library import Kept, Library
from workflows.ports import Store, Unit
from workflows.reference import as_quoted
from workflows.values import Entry, Message, MessageState

IF_A_MARK_IS_WRONG = (
    "If a mark is wrong, say which day and which session, and what it should be: the attendance officer "
    "checks and corrects it, the old mark is kept beside the new one, and a message that it led to is taken "
    "back or put right."
)
TO_OBJECT = (
    "If the message should not have been sent, say so and why: a person looks at it again and answers. Texts "
    "of praise and concern can be stopped for a number; the call or text about a child whose absence nobody "
    "has explained cannot, nor can what the law asks the school to write. Who is not content can complain to "
    "the school's governors, and about the use of personal data to the Information Commissioner's Office."
)
_STANDS = {
    MessageState.SENT: "it was sent",
    MessageState.DELIVERED: "it was delivered",
    MessageState.RECALLED: "it was sent, and put right later",
    MessageState.SENDING: "it may have been sent: nobody can tell yet",
    MessageState.UNKNOWN: "it may have been sent: nobody can tell yet",
}
_OF_A_RULE = frozenset({"title", "when", "whom"})
_NOT_THERE = (
    "no message has this reference: it is the eight letters and digits after Ref, and 0 and O, 1 and I are "
    "the same; ask for it once more, and answer nothing about a child before it is found"
)


class NoSuchReference(Exception):  # noqa: N818 - a sentence for a person
    """Nothing was sent or drafted under this reference."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be said about one message: `to` whom it went, of which `children`, the `rule` in plain words.

    `because` is what was found of each child; `dates` are lines of a table, its header first; `approved_by`
    is a name, or empty where nobody had to.
    """

    message: Message
    to: str
    children: tuple[str, ...]
    rule: tuple[str, ...]
    because: tuple[str, ...]
    dates: tuple[str, ...]
    staff: str
    approved_by: str

    @property
    def stands(self) -> str:
        """What became of the message, in words."""
        message = self.message
        if message.contradicted_because:
            return f"it was sent, and was wrong: {message.contradicted_because}"
        if message.state in _STANDS:
            return _STANDS[message.state]
        told = f": {message.ended_because}" if message.ended_because else ""
        if message.receipt_at:
            return f"it was sent and did not arrive{told}"
        return f"it was not sent ({message.state.value.replace('_', ' ')}{told})"


def why(store: Store, library: Library, ref: str, by: str, at: datetime) -> Answer:
    """The answer to a reference as it was quoted; that `by` asked `at` is kept in the ledger.

    Raises NoSuchReference.
    """
    with store.transaction() as unit:
        found = unit.messages_by_ref(as_quoted(ref))
        if sum(each.ref == as_quoted(ref) for each in found) != 1:
            raise NoSuchReference(f"{ref}: {_NOT_THERE}")
        first = found[0]
        answer = _answer(unit, library, found)
        content: dict[str, object] = {"message": first.message_id, "ref": first.ref, "by": by}
        unit.append(first.school_id, at, [Entry("why", first.subject, content, first.rulebook)])
    return answer


def _answer(unit: Unit, library: Library, found: tuple[Message, ...]) -> Answer:
    first = found[0]
    rulebook = Kept(unit, library, library.for_school(first.school_id))(first.rulebook)
    told = (each for each in prose(rulebook) if each.rule == first.rule and each.about in _OF_A_RULE)
    names = {pupil.upn: pupil.first_name for pupil in unit.pupils(first.school_id)}
    links = unit.links((first.contact_id,))
    contacts = {link.contact_id: link.name for link in links if link.upn == first.subject}
    staff = {person.staff_id: person.name for person in unit.staff(first.school_id)}
    said: dict[str, str] = json.loads(first.said)
    return Answer(
        message=first,
        to=contacts.get(first.contact_id, said.get("addressee", "")),
        children=tuple(names.get(each.subject, json.loads(each.said).get("child", "")) for each in found),
        rule=tuple(each.text for each in told),
        because=tuple(dict.fromkeys(each.because for each in found)),
        dates=tuple(said.get("dates", "").splitlines()),
        staff=said.get("staff", ""),
        approved_by=staff.get(first.approved_by, first.approved_by),
    )
