"""An e-mail's words, three times the same: a subject, plain text, and simple HTML for every reader.

No picture, no link that tells on anybody, no style that a screen reader stumbles over.
"""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from typing import TYPE_CHECKING, Final

from messaging.blocks import Heading, Items, Paragraph, blocks
from messaging.direction import direction, in_order
from messaging.variables import flat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from messaging.blocks import Block

_PAGE: Final = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{title}</title></head>
<body style="font:1rem/1.5 sans-serif;max-width:40em;margin:1em">
<h1 style="font-size:1.3em">{title}</h1>
{body}
</body>
</html>
"""
_CELL: Final = 'style="text-align:start;padding:.3em .6em;border-bottom:1px solid #767676"'


@dataclass(frozen=True, slots=True)
class EmailWords:
    """One e-mail as its readers get it: `plain` and `html` say the same; `language` is a tag such as `ur`."""

    subject: str
    plain: str
    html: str
    language: str


def email_words(title: str, text: str, language: str = "en") -> EmailWords:
    """The words of an e-mail from a title and a text in the tiny markup (messaging/blocks.py).

    >>> email_words("Ada", "Where is <Ada>?").html.splitlines()[-4:-2]
    ['<h1 style="font-size:1.3em">Ada</h1>', '<p>Where is &lt;Ada&gt;?</p>']

    Raises:
        NotLaidOut: there are no words, or a table is not one.
    """
    subject = flat(title)

    def shown(words: str) -> str:
        return escape(in_order(words, language))

    page = _PAGE.format(
        language=escape(language),
        direction=direction(language),
        title=shown(subject),
        body="\n".join(_html(block, shown) for block in blocks(text)),
    )
    plain = "\n".join(flat(line) for line in text.strip().splitlines())
    return EmailWords(subject, f"{in_order(plain, language)}\n", page, language)


def eml(words: EmailWords, to: str, message_id: str, mark: str) -> bytes:
    """The e-mail as a file that mail programs open: two parts, the plain one first.

    `mark` stands in a header of its own. The same words, the same bytes.

    Raises:
        ValueError: `to` is no address.
    """
    message = EmailMessage(policy=SMTP)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = words.subject
    message["Message-ID"] = f"<{message_id}@firstbell.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Words"] = mark
    message.set_content(words.plain, cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = words.language
    message.set_boundary(f"words-{mark[:32]}")
    return message.as_bytes()


def _html(block: Block, shown: Callable[[str], str]) -> str:
    def each(opened: str, texts: Iterable[str], closed: str) -> str:
        return "".join(f"{opened}{shown(text)}{closed}" for text in texts)

    match block:
        case Heading(text):
            return f'<h2 style="font-size:1.1em">{shown(text)}</h2>'
        case Paragraph(text):
            return f"<p>{shown(text)}</p>"
        case Items(items):
            return f"<ul>{each('<li>', items, '</li>')}</ul>"
        case _:
            names = each(f'<th scope="col" {_CELL}>', block.header, "</th>")
            body = "\n".join(f"<tr>{each(f'<td {_CELL}>', row, '</td>')}</tr>" for row in block.rows)
            return (
                '<table style="border-collapse:collapse">\n'
                f"<thead><tr>{names}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"
            )
