"""One letter: every word that stands on it, before it is laid out."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from messaging.blocks import NotLaidOut, blocks
from messaging.direction import is_language
from messaging.envelope import why_no_letter
from messaging.variables import flat

if TYPE_CHECKING:
    from messaging.blocks import Block


class LetterRefused(ValueError):  # noqa: N818 - a sentence for the office
    """This letter cannot be printed and posted; the sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on one letter. All of it is words for people; nothing of it is markup but `text`.

    `ref` is the line to quote; `date` in words; `text` in the tiny markup (messaging/blocks.py); `language` a
    tag such as `ur`; `large_print` sets it in 18 point; `label` says what kind of paper it is, such as
    `Statutory notice`; `letterhead` are the lines below the school's name: where it is, how to reach it.
    """

    ref: str
    addressee: str
    address: tuple[str, ...]
    school: str
    date: str
    title: str
    text: str
    language: str = "en"
    large_print: bool = False
    label: str = ""
    letterhead: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """The words' own fingerprint, SHA-256 in hex: one letter other, and it is another."""
        return hashlib.sha256(json.dumps(asdict(self)).encode()).hexdigest()


def body_of(letter: Letter) -> tuple[Block, ...]:
    """The blocks of a letter that is fit to be posted.

    Raises:
        LetterRefused: nobody or nowhere to send it to, no school, no title, an unknown language, no words.
    """
    refusal = why_no_letter(letter.addressee, letter.address)
    for what, words in (("name of the school", letter.school), ("title", letter.title)):
        if not (refusal or flat(words)):
            refusal = f"the letter to {letter.addressee} has no {what}: write it again"
    if not (refusal or is_language(letter.language)):
        refusal = (
            f"{letter.language!r} is no language's tag, such as en, cy or ur: write the letter again with one"
        )
    if refusal:
        raise LetterRefused(refusal)
    try:
        return blocks(letter.text)
    except NotLaidOut as error:
        raise LetterRefused(f"the letter to {letter.addressee}: {error}") from error
