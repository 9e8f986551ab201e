"""Whether families should read it: counts, health, plain words, length, reading age."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from messaging.faults import Fault
from messaging.lint.phrases import HEALTH, LAW, PLAIN, any_of, said
from messaging.lint.reading import reading_age
from messaging.lint.subject import Subject, in_case
from messaging.lint.tries import Tried
from messaging.markup import without_tables
from messaging.sms import outside_gsm_7, sms_parts
from messaging.variables import VARIABLES

MOST_PARTS: Final = 2
MOST_PARTS_UNICODE: Final = 4
"""In UCS-2 four parts hold 268 characters, in GSM-7 two hold 306: Polish or Urdu is not lengthy for it."""
MOST_WORDS: Final = 150
OLDEST: Final = {False: 11, True: 13}
"""The highest reading age that a template may set itself; more where it may mention the law."""

_BETWEEN: Final = " / "  # no phrase goes over the end of a paragraph
_LIMITED: Final = ("email", "letter")
_PERCENT: Final = re.compile(r"%|\bper ?cent", re.IGNORECASE)
_DAYS_OR_LESSONS: Final = re.compile(r"\b(days?|lessons?)\b", re.IGNORECASE)


def counts_in_days(one: Subject) -> Iterator[Fault]:
    """A percentage only where it may be, and after the days or lessons."""
    for each in one.plain:
        percentage = _PERCENT.search(each.text)
        if not percentage:
            continue
        line = one.at(_PERCENT, one.used.lines.get("percent", 0))
        counted = _counts(each, in_english=one.in_english)
        wrong = ""
        if "percent" not in one.template.may_mention:
            wrong = "a percentage: say days or lessons instead, or let may_mention say percent"
        elif not counted:
            wrong = "a percentage alone tells a family little: say the days or lessons missed"
        elif min(counted) > percentage.start():
            wrong = "a percentage before the days: say the days or lessons first"
        if wrong:
            yield one.template.fault(line, f"{wrong}{in_case(each)}")
            return


def _counts(each: Tried, *, in_english: bool) -> list[int]:
    """Where days or lessons are spoken of."""
    given = [each.text.find(each.values[name]) for name in ("days", "lessons") if each.values[name]]
    words = [match.start() for match in _DAYS_OR_LESSONS.finditer(each.text)] if in_english else []
    return [at for at in given if at >= 0] + words


def keeps_health_out_of_texts(one: Subject) -> Iterator[Fault]:
    """A text holds no value that may tell of health."""
    if one.template.channel != "sms":
        return
    for name, line in one.used.lines.items():
        if VARIABLES[name].private:
            yield one.template.fault(
                line, f"{name} may tell of a child's health: a text never does, say it in a letter"
            )


def speaks_plainly(one: Subject) -> Iterator[Fault]:
    """No threat, no jargon; law and health only where they may be."""
    if not one.in_english:
        return
    lines = dict.fromkeys(line for each in one.plain for line in (each.title, *each.text.splitlines()))
    text, mentions, in_text = _BETWEEN.join(lines), one.template.may_mention, one.template.channel == "sms"
    for phrase, words in said(tuple(PLAIN), text).items():
        yield _phrase(one, phrase, words, f"is not for families: {PLAIN[phrase]}")
    if "law" not in mentions:
        for phrase, words in said(LAW, text).items():
            yield _phrase(one, phrase, words, "speaks of the law: leave it out, or let may_mention say law")
    if in_text or "health" not in mentions:
        instead = "anybody may read a text" if in_text else "or let may_mention say health"
        for phrase, words in said(HEALTH, text).items():
            yield _phrase(one, phrase, words, f"tells of health: leave it out, {instead}")


def _phrase(one: Subject, phrase: str, words: str, why: str) -> Fault:
    return one.template.fault(one.at(any_of((phrase,))), f"{words!r} {why}")


def is_short(one: Subject) -> Iterator[Fault]:
    """A text of few parts, a letter of few words."""
    if one.template.channel == "sms":
        yield from _fits_a_text(one)
    if one.template.channel not in _LIMITED or not one.in_english:
        return
    counts = {each.case: _count(each.text) for each in one.plain}
    longest = max(counts, key=lambda case: counts[case])
    if counts[longest] > MOST_WORDS:
        where = f" ({longest})" if longest else ""
        what = f"{counts[longest]} words{where}, {MOST_WORDS} is the most, tables apart: make it shorter"
        yield one.template.fault(one.template.starts, what)


def _count(text: str) -> int:
    return sum(any(char.isalnum() for char in word) for word in without_tables(text).split())


def _fits_a_text(one: Subject) -> Iterator[Fault]:
    if one.in_english:
        for strange in dict.fromkeys(char for each in one.long for char in outside_gsm_7(each.text)):
            what = f"{strange} cannot be sent as plain SMS: use straight quotes and plain hyphens"
            yield one.template.fault(one.at(re.compile(re.escape(strange))), what)
    for each in one.long:
        most = MOST_PARTS_UNICODE if not one.in_english and outside_gsm_7(each.text) else MOST_PARTS
        parts = sms_parts(each.text)
        if parts > most:
            what = f"with long names this takes {parts} SMS parts{in_case(each)}, {most} is the most"
            yield one.template.fault(one.template.starts, f"{what}: make it shorter. Tried as: {each.text}")
            return


def reads_easily(one: Subject) -> Iterator[Fault]:
    """The reading age is within the limit, and the limit within ours."""
    if not one.in_english:
        return
    limit, oldest = one.template.reading_age, OLDEST["law" in one.template.may_mention]
    if limit > oldest:
        yield one.template.fault("reading_age", f"a reading age of {limit}: {oldest} is the most")
    hardest = max(one.plain, key=lambda each: reading_age(each.text))
    age = reading_age(hardest.text)
    if age > limit:
        what = f"this reads at age {age:.1f}{in_case(hardest)}, {limit} is the limit"
        yield one.template.fault("reading_age", f"{what}: use shorter sentences and words")
