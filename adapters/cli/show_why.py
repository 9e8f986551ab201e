"""The answer to "why did I get this?" as a page to read from, and as JSON."""

from __future__ import annotations

from rich.padding import Padding

from adapters.cli.screen import screen
from engine.instants import local
from workflows.why import IF_A_MARK_IS_WRONG, TO_OBJECT, Answer

_KINDS = {"sms": "text", "email": "e-mail", "letter": "letter"}


def show_why(answer: Answer) -> None:
    """What to check first, then what may be said, in the order in which people ask."""
    console, message = screen(), answer.message
    kind = _KINDS.get(message.channel, message.channel)
    children = " and ".join(answer.children)
    sent = f" on {local(message.ended_at):%A %d %B %Y at %H:%M}" if message.ended_at else ""
    console.print(f"Ref {message.ref}: a {kind} to {answer.to} about {children}")
    console.print(f"Before anything is said: the caller is {answer.to}, and names {children}.")
    parts = [
        ("What became of it", f"{answer.stands}{sent}"),
        ("The words", message.told or message.text),
        ("The rule", " ".join(answer.rule)),
        ("What was found", "; ".join(answer.because)),
        ("The dates", "\n".join(line.strip("| ").replace(" | ", ", ") for line in answer.dates[1:])),
        ("Who decided", f"{answer.approved_by} approved it" if answer.approved_by else "the rule, by itself"),
        ("Whom to talk to", answer.staff),
        ("If a mark is wrong", IF_A_MARK_IS_WRONG),
        ("To object", TO_OBJECT),
    ]
    for heading, words in parts:
        if words:
            console.print(f"\n{heading}")
            console.print(Padding(words, (0, 0, 0, 2)))
    console.print("\nThat this was asked is in the ledger.")


def why_fields(answer: Answer) -> dict[str, object]:
    """The answer for other programs."""
    message = answer.message
    return {
        "ref": message.ref,
        "message": message.message_id,
        "to": answer.to,
        "children": list(answer.children),
        "channel": message.channel,
        "state": message.state.value,
        "sent_at": message.ended_at.isoformat() if message.ended_at else None,
        "text": message.told or message.text,
        "rule": message.rule,
        "rule_in_words": list(answer.rule),
        "because": list(answer.because),
        "dates": list(answer.dates),
        "talk_to": answer.staff,
        "approved_by": answer.approved_by or None,
        "if_a_mark_is_wrong": IF_A_MARK_IS_WRONG,
        "to_object": TO_OBJECT,
    }
