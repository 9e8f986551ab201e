"""What words cost: texts rendered, e-mails laid out, letters set one by one and as a run for the printer.

Each kind in a process of its own, no two of a kind with the same words; the quickest of some tries counts.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from benchmarks.apart import apart
from benchmarks.figure import MEGABYTES, PER_SECOND, TIMES, Figure
from benchmarks.nights import cpu
from benchmarks.places import Places
from messaging.email_words import email_words, eml
from messaging.letters import Letter, Posting, pdf, print_run
from messaging.render import render
from messaging.templates import load
from messaging.variables import VARIABLES

TITLE = "words: texts, e-mails, letters"
TEXTS, EMAILS, LETTERS, SINGLY = 20_000, 1_000, 200, 60
TRIES = 5
RUN = 3
"""A print run sets at least so many times the letters that go one by one."""
_WORDS = """Dear {name},

{child} was away for 4 and a half days, about 22 lessons, since September. We would like to help.

## What was missed

| Date | Session | Reason |
| Monday 3 November | all day | illness |
| Monday 10 November | morning | no reason given yet |
| Tuesday 11 November | all day | no reason given yet |
| Wednesday 12 November | all day | no reason given yet |
| Thursday 13 November | all day | no reason given yet |

## What we offer

- a talk with Mr Osei, {child}'s tutor, on a day that suits you
- a place in the breakfast club

Please ring Mrs Okafor on 01632 960123, and quote {ref}."""


def measure(_places: Places) -> Iterator[Figure]:
    """How many a second of each; the run beside the letters one by one, and the memory it took."""
    for name, what, count in (("texts rendered", texts, TEXTS), ("e-mails with both twins", emails, EMAILS)):
        cost = apart(what, count).said
        yield Figure(name, count / cost["seconds"], PER_SECOND, note=_note(count, cost))
    one = apart(singly, SINGLY).said
    yield Figure("letters, one by one", SINGLY / one["seconds"], PER_SECOND, note=_note(SINGLY, one))
    cost = apart(as_a_run, LETTERS)
    run = cost.said
    note = f"{_note(LETTERS, run)}; {run['pages']} pages, {run['megabytes']:.1f} MB"
    yield Figure("letters, as a print run", LETTERS / run["seconds"], PER_SECOND, note=note)
    ratio = (LETTERS / run["seconds"]) / (SINGLY / one["seconds"])
    yield Figure("a run, times one by one", ratio, TIMES, bar=RUN, at_least=True)
    yield Figure(f"peak memory, {TRIES} such runs", cost.peak_mb, MEGABYTES)


def texts(count: str) -> dict[str, float]:
    """The shipped first-day text, for as many children."""
    template = load()["first-day", "sms", "en"]
    said = {name: VARIABLES[name].samples[0] for name in template.mentions}

    def make(turn: int) -> None:
        for at in range(int(count)):
            render(template, said | {"child": f"Ada{turn}q{at}"})

    return _spent(make)


def emails(count: str) -> dict[str, float]:
    """As many e-mails, down to the bytes of their files."""

    def make(turn: int) -> None:
        for at in range(int(count)):
            letter = _letter(turn, at)
            eml(email_words(letter.title, letter.text), "sam@example.org", f"m-{at}", letter.digest)

    return _spent(make)


def singly(count: str) -> dict[str, float]:
    """As many letters, a document each."""

    def make(turn: int) -> None:
        for at in range(int(count)):
            pdf(_letter(turn, at))

    return _spent(make)


def as_a_run(count: str) -> dict[str, float]:
    """As many letters in one document, its manifest with it."""
    sizes: dict[str, float] = {}

    def make(turn: int) -> None:
        run = print_run([Posting(f"m-{at}", _letter(turn, at)) for at in range(int(count))])
        assert run.manifest.count("\n") == int(count) + 1
        sizes.update(pages=run.printed[-1].last_page, megabytes=len(run.pdf) / 1e6)

    return _spent(make) | sizes


def _spent(make: Callable[[int], None]) -> dict[str, float]:
    """Seconds of the quickest of some tries, each on words of its own: other work only makes them slower."""
    tries = []
    for turn in range(TRIES):
        begin, used = time.perf_counter(), cpu()
        make(turn)
        tries.append((time.perf_counter() - begin, cpu() - used))
    return {"seconds": min(seconds for seconds, _ in tries), "cpu": min(used for _, used in tries)}


def _letter(turn: int, number: int) -> Letter:
    child, ref = f"Ada{turn}q{number}", f"K{turn}M{number:06}"
    return Letter(
        ref=ref,
        addressee=f"Mrs Khan{number}",
        address=(f"{number} Mill Lane", "Southampton", "SO14 1AA"),
        school="Ashgrove Academy",
        date="Monday 17 November 2025",
        title=f"{child} and the days missed",
        text=_WORDS.format(name=f"Mrs Khan{number}", child=child, ref=ref),
        letterhead=("Church Road", "Southampton", "SO14 2BB", "01632 960123"),
    )


def _note(count: int, cost: dict[str, float]) -> str:
    return f"{count:,} in {cost['seconds']:.2f} s; {cost['cpu']:.2f} s of CPU"
