"""E-mails read back by programs that we did not write."""

from __future__ import annotations

import email
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.blocks import NotLaidOut
from messaging.email_words import email_words, eml

TEXT: Final = """Dear Mrs O'Neil & Co <b>,

## What was missed

| Date | Session |
| Monday 10 November | morning |

- ring 01632 960123"""
MARK: Final = "5" * 64
HEADERS: Final = [
    "To", "Subject", "Message-ID", "Auto-Submitted", "X-Words",
    "MIME-Version", "Content-Type", "Content-Language",
]  # fmt: skip
TAGS: Final = {
    "html", "head", "meta", "title", "body", "h1", "h2", "p", "ul", "li",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


class Tags(HTMLParser):
    """The tags with their attributes, and the words between them."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data.strip())


def read(html: str) -> Tags:
    """A page taken apart."""
    tags = Tags()
    tags.feed(html)
    return tags


def opened(content: bytes) -> EmailMessage:
    """A file as a mail program opens it."""
    message = email.message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def test_the_twins_say_the_same() -> None:
    """Headings, a table with headers, a list, everything escaped; nothing is fetched from anywhere."""
    words = email_words("Ada & the days\r\nBcc: x@example.org", TEXT, "cy")
    assert words.subject == "Ada & the days Bcc: x@example.org"
    assert words.plain == f"{TEXT}\n"
    page = read(words.html)
    names = [name for name, _ in page.tags]
    assert names[:8] == ["html", "head", "meta", "meta", "title", "body", "h1", "p"]
    assert names[8:] == ["h2", "table", "thead", "tr", "th", "th", "tbody", "tr", "td", "td", "ul", "li"]
    assert page.tags[0] == ("html", {"lang": "cy", "dir": "ltr"})
    assert [own["scope"] for name, own in page.tags if name == "th"] == ["col", "col"]
    assert not {"src", "href", "background"} & {key for _, own in page.tags for key in own}
    said = "".join(page.words).replace(words.subject, "")
    marks = str.maketrans("", "", "|\n")
    assert said.replace(" ", "") == TEXT.replace("## ", "").replace("- ", "").translate(marks).replace(
        " ", ""
    )


def test_from_right_to_left() -> None:
    """The page says so, and a telephone number keeps its order in both twins."""
    words = email_words("اسکول", "فون 01632 960123", "ur")
    assert read(words.html).tags[0] == ("html", {"lang": "ur", "dir": "rtl"})
    assert "\u206601632 960123\u2069" in words.plain
    assert "\u206601632 960123\u2069" in words.html
    assert "1rem/1.5 sans-serif" in words.html


def test_the_file_is_an_e_mail_in_two_parts() -> None:
    """The plain part first, both whole; the same words, the same bytes."""
    words = email_words("Żółć i جیم", TEXT, "pl")
    content = eml(words, "sam.o'neil@example.org", "m-1", MARK)
    assert content == eml(words, "sam.o'neil@example.org", "m-1", MARK)
    message = opened(content)
    assert (message["To"], message["Subject"]) == ("sam.o'neil@example.org", "Żółć i جیم")
    assert (message["Content-Language"], message["X-Words"]) == ("pl", MARK)
    assert message.get_content_type() == "multipart/alternative"
    parts = [
        (part.get_content_type(), part.get_content().replace("\r\n", "\n")) for part in message.iter_parts()
    ]
    assert parts == [("text/plain", words.plain), ("text/html", words.html)]


def test_no_words_are_no_e_mail() -> None:
    """As for a letter."""
    with pytest.raises(NotLaidOut):
        email_words("Ada", "\n")


@settings(max_examples=60)
@given(st.text(max_size=200), st.text(max_size=200))
def test_no_words_become_a_header(title: str, text: str) -> None:
    """Whatever a name holds: the headers stay those we set, and the words come back."""
    title, text = (each.encode("utf-8", "ignore").decode() for each in (title, text))
    words = email_words(title, f"x{text}")
    message = opened(eml(words, "a@example.org", "m-1", MARK))
    assert message.keys() == HEADERS
    assert message["Subject"].split() == words.subject.split()
    plain = message.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().replace("\r\n", "\n") == words.plain
    assert read(words.html).tags[0][0] == "html"
    assert {name for name, _ in read(words.html).tags} <= TAGS
