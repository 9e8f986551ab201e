"""Wishes: the last word holds, and what they are in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from messaging.prices import Cost, Prices, cost, in_money, total
from messaging.prices import in_words as in_money_and_words
from messaging.wishes import NO, YES, About, Wish, Wishes, in_words, opted_out

HER = "+447700900001"
STOP = Wish("S", "C1", HER, About.SMS, NO, "ao", datetime(2025, 11, 10, tzinfo=UTC), "by text", "STOP")


def test_the_last_word_holds_by_whichever_name() -> None:
    """Said of the number, taken back by the contact, said again of all: each time the later one."""
    start = replace(STOP, address="", about=About.ALL, value=YES)
    never = replace(STOP, contact_id="C2", about=About.ALL)
    told = (STOP, start, never)
    kept = [opted_out(Wishes.of(told[:count], "S"), HER, "letters", "C1") for count in range(4)]
    assert kept == [None, STOP, None, never]
    assert opted_out(Wishes.of(told, "S"), HER, "absence", "C1") is None
    assert opted_out(Wishes.of(told, "S"), HER, "statutory", "C1") is None
    assert opted_out(Wishes.of((replace(STOP, address=""),), "T"), HER, "letters", "C1") is None


def test_a_number_and_a_mailbox_are_two_ways() -> None:
    """No texts leaves the e-mails; a letter in an envelope has no such way."""
    wishes = Wishes.of([STOP, replace(STOP, about=About.EMAIL, address="a@example.org", value=YES)], "S")
    assert opted_out(wishes, HER, "praise") == STOP
    assert opted_out(wishes, "a@example.org", "praise") is None
    assert opted_out(wishes, "", "praise", "C1") is None
    assert opted_out(Wishes.of([replace(STOP, about=About.PRAISE)], "S"), "", "praise", "C1")


def test_what_is_in_force_is_one_wish_a_matter() -> None:
    """The later of two, and nothing that a later word about all of them has overtaken."""
    praise = replace(STOP, about=About.PRAISE)
    polish = replace(STOP, address="", about=About.LANGUAGE, value="Polish")
    every = replace(STOP, about=About.ALL, value=YES)
    said = [STOP, praise, polish, every, replace(praise, value=YES)]
    assert Wishes.of(said, "S").in_force("C1", [HER]) == (every, said[-1], polish)
    assert Wishes.of(said, "S").word("C1", About.LANGUAGE) == "Polish"
    assert Wishes.of(said, "S").word("C9", About.LANGUAGE) == ""


@pytest.mark.parametrize(
    ("about", "value", "words"),
    [
        (About.ALL, NO, "no messages"),
        (About.SMS, YES, "texts again"),
        (About.CHANNEL, "email", "by email"),
        (About.CHANNEL, NO, "no channel"),
        (About.LARGE_PRINT, YES, "large print"),
        (About.LARGE_PRINT, NO, "no large print"),
        (About.LANGUAGE, "Polish", "in Polish"),
        (About.INTERPRETER, "Urdu", "an interpreter for Urdu"),
    ],
)
def test_a_wish_in_words(about: About, value: str, words: str) -> None:
    """Every matter has words, for yes, no and what was named."""
    assert in_words(replace(STOP, about=about, value=value)) == words


def test_what_messages_cost() -> None:
    """By part, by letter, by e-mail; a call costs nothing; together they are told in pounds."""
    prices = Prices()
    each = [cost(kind, "ë" * 71, prices) for kind in ("sms", "letter", "email", "call")]
    assert [(one.parts, str(one.pence)) for one in each] == [(2, "4.66"), (0, "68"), (0, "0"), (0, "0")]
    assert in_money_and_words(total(each * 2)) == "2 texts in 4 parts, 2 letters, 2 e-mails: £1.45 before VAT"
    assert in_money_and_words(Cost()) == "nothing to send: 0p before VAT"
    assert in_money(total([]).pence) == "0p"
