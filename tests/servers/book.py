"""What every provider's stand-in is: a book of what it took, and the provider's own words around it."""

from __future__ import annotations

from typing import Protocol

from tests.servers.loopback import Answer, Asked


class Book(Protocol):
    """One provider: what sends, whether it is well formed, and what is answered when asked later."""

    taken: list[dict[str, object]]
    """What was accepted, oldest first, as a look-up shows it."""

    def sends(self, asked: Asked) -> bool:
        """Whether a request hands a message over."""
        ...

    def refusal(self, asked: Asked) -> Answer | None:
        """What is wrong with any request: the key, or its shape."""
        ...

    def accepted(self, asked: Asked) -> Answer:
        """How it accepts a message."""
        ...

    def remember(self, asked: Asked, answer: Answer) -> None:
        """Write a message down that was accepted with this answer."""
        ...

    def look_up(self, asked: Asked) -> Answer:
        """What it says when asked about messages."""
        ...


def standing_in(book: Book, asked: Asked) -> Answer:
    """The provider as a server of our own: stateful, and strict about what it is asked."""
    wrong = book.refusal(asked)
    if wrong:
        return wrong
    if not book.sends(asked):
        return book.look_up(asked)
    answer = book.accepted(asked)
    book.remember(asked, answer)
    return answer
