"""A message as a file that people open: a text as .txt, an e-mail as .eml, a letter as .pdf."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from messaging.channels.channel import Cover, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from messaging.channels.channel import Outgoing
    from messaging.letters import Letter


@dataclass(frozen=True, slots=True)
class Form:
    """The end of the file's name, its bytes, and perhaps a `mark` that stands in no file with other words.

    The bytes of one letter may differ from one version of Typst to the next; its mark does not.
    """

    suffix: str
    content: bytes
    mark: bytes = b""

    def is_in(self, there: bytes) -> bool:
        """Whether what is there already are these words."""
        return there == self.content or (bool(self.mark) and self.mark in there)


_BARE: Final = Cover("", "")
SUFFIXES: Final = (".txt", ".eml", ".pdf")


def form(outgoing: Outgoing) -> Form | Refused:
    """The file that a message is, or why it can be none; `unfit` has found nothing against it."""
    try:
        return _FORMS[outgoing.channel](outgoing)
    except ValueError as error:  # a sentence of the letter's, or of the e-mail's
        return Refused(str(error))


def _text(outgoing: Outgoing) -> Form:
    content = f"To: {outgoing.to}\nChannel: {outgoing.channel}\n\n{outgoing.text}\n".encode()
    return Form(".txt", content)


def _email(outgoing: Outgoing) -> Form:
    from messaging.email_words import email_words, eml

    cover = outgoing.cover or _BARE
    mark = hashlib.sha256(json.dumps(asdict(outgoing)).encode()).hexdigest()
    words = email_words(cover.title, outgoing.text, cover.language)
    return Form(".eml", eml(words, outgoing.to, outgoing.message_id, mark), f"\nX-Words: {mark}\r\n".encode())


def _letter(outgoing: Outgoing) -> Form:
    from messaging.letters import pdf

    letter = letter_of(outgoing)
    return Form(".pdf", pdf(letter), letter.digest.encode())


def letter_of(outgoing: Outgoing) -> Letter:
    """The letter that a message of this kind is: what a print run is made of."""
    from messaging.envelope import address_lines
    from messaging.letters import Letter

    cover = outgoing.cover or _BARE
    return Letter(
        ref=cover.ref,
        addressee=cover.addressee,
        address=address_lines(outgoing.to),
        school=cover.school,
        date=cover.date,
        title=cover.title,
        text=outgoing.text,
        language=cover.language,
        large_print=cover.large_print,
        label=cover.label,
        letterhead=cover.letterhead,
    )


_FORMS: Final[dict[str, Callable[[Outgoing], Form]]] = {"sms": _text, "email": _email, "letter": _letter}
