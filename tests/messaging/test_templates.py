"""Template files: what is read from one, and the sentence each mistake gets."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

import pytest

from messaging.templates import TRUST, TemplateError, gather, load, read

if TYPE_CHECKING:
    from pathlib import Path

GOOD: Final = """---
purpose: absence
stage: first day
owner: office
version: 3
when: Today.
variables: child, school
reading_age: 9
same_for: send, carer
---

{{ child }} {{ school }}
"""


def write(folder: Path, content: bytes | str, place: str = "first-day/sms.en.txt") -> Path:
    """A template file with this content."""
    path = folder / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_template_is_read_with_its_place(tmp_path: Path) -> None:
    """Name, channel and language come from the path, the version from the bytes, the lines from the file."""
    path = write(tmp_path, GOOD)
    write(tmp_path, GOOD, "first-day/.sms.en.txt.swp")
    write(tmp_path, "Expected words.", "first-day/sms.en.golden")
    found = load(tmp_path)
    assert list(found) == [("first-day", "sms", "en")]
    template = found["first-day", "sms", "en"]
    assert template.version == hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    assert (template.purpose, template.stage, template.owner, template.when) == (
        "absence", "first day", "office", "Today.",
    )  # fmt: skip
    assert (template.number, template.reading_age) == (3, 9)
    assert (template.mentions, template.same_for, template.may_mention) == (
        ("child", "school"), ("send", "carer"), (),
    )  # fmt: skip
    assert (str(template.fault("same_for", "no")), template.golden.name) == (f"{path}:9: no", "sms.en.golden")
    assert path.read_text().splitlines()[template.starts - 1 :] == template.body.splitlines()


def test_windows_files_say_the_same_in_another_version(tmp_path: Path) -> None:
    """A byte-order mark and CRLF line ends change the version and nothing else."""
    plain = read(write(tmp_path, GOOD))
    marked = read(write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()))
    assert (marked.body, marked.starts) == (plain.body, plain.starts)
    assert marked.version != plain.version


NEEDED = "purpose, stage, owner, version, when, variables"


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", 1, "begins with a line ---"),
        ("Dear parent\n", 1, f"begins with a line ---, then {NEEDED}"),
        (GOOD.replace("purpose", "porpoise"), 2, "'porpoise' is no key of a template: was 'purpose' meant?"),
        (GOOD.replace("owner", "colour of ink"), 4, f"the keys are title, {NEEDED}"),
        (GOOD.replace("absence", "marketing"), 2, "is not known: use absence, letters, praise, statutory"),
        (GOOD.replace("owner: office", "owner:"), 4, "owner says nothing"),
        (GOOD.replace("owner: office", "owner office"), 4, "is no key"),
        (GOOD.replace("owner: office", "purpose: letters"), 4, "purpose stands here for the second time"),
        (GOOD.replace("when: Today.\n", ""), 9, "when is missing above this line"),
        (GOOD.replace("version: 3", "version: three"), 5, "version 'three' is no whole number"),
        (
            GOOD.replace("send", "sand"),
            9,
            "same_for cannot say 'sand': use medical, send, carer, bereavement",
        ),
        (GOOD.replace("same_for", "may_mention"), 9, "cannot say 'send': use percent, law, health"),
        (GOOD.replace("owner", "date: 3 May\nowner"), 4, "'3 May' is not a date: write it as 2025-11-14"),
        (GOOD.replace("owner", "title: Hello\nowner"), 4, "a text has no title"),
        (GOOD.replace("owner", "translates: 0123456789ab\nowner"), 4, "is for wordings in other languages"),
        (GOOD.split("---\n\n")[0], 9, "a second line --- must end the list"),
        (GOOD.split("{{")[0], 11, "nothing follows the second ---"),
        (GOOD.encode() + b"\nZo\xeb\n", 14, "not UTF-8"),
    ],
)
def test_each_mistake_has_its_line_and_sentence(
    tmp_path: Path, content: str | bytes, line: int, words: str
) -> None:
    """file:line: what is wrong and what was meant."""
    path = write(tmp_path, content)
    with pytest.raises(TemplateError, match=rf"(?m)^{re.escape(str(path))}:{line}: .*{re.escape(words)}"):
        load(tmp_path)


def test_all_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """An author mends what is wrong in one go."""
    write(tmp_path, GOOD.replace("absence", "fun").replace("owner", "oner").replace("when: Today.\n", ""))
    write(tmp_path, GOOD.replace("version: 3", "version: x"), "late/call.en.txt")
    found, faults = gather(tmp_path)
    assert found == {}
    assert [(fault.source.parent.name, fault.line) for fault in faults] == [
        ("first-day", 2), ("first-day", 4), ("first-day", 9), ("late", 5),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "content", "words"),
    [
        ("first-day/letter.en.txt", GOOD, "title is missing"),
        ("first-day/sms.pl.txt", GOOD, "reading_age is measured of English only"),
        ("first-day/sms.pl.txt", GOOD.replace("reading_age: 9\n", ""), "translates is missing"),
        (
            "first-day/sms.pl.txt",
            GOOD.replace("reading_age: 9", "translates: 2"),
            "'2' is no version: `firstbell templates list` shows",
        ),
    ],
)
def test_what_a_channel_or_language_asks_for(tmp_path: Path, place: str, content: str, words: str) -> None:
    """A letter has a title; a translation names what it translates and has no English reading age."""
    write(tmp_path, content, place)
    with pytest.raises(TemplateError, match=re.escape(words)):
        load(tmp_path)


def test_a_language_is_one_that_families_are_asked_for(tmp_path: Path) -> None:
    """A code that nothing leads to would be a wording nobody gets."""
    write(tmp_path, GOOD, "first-day/sms.xx.txt")
    with pytest.raises(TemplateError, match="'xx' is no language Firstbell knows; there are: en, pl, ur"):
        load(tmp_path)


def test_a_variant_names_its_author_and_date(tmp_path: Path) -> None:
    """Of a school's own wording it is known who wrote it and when."""
    write(tmp_path, GOOD)
    with pytest.raises(TemplateError, match="author, date is missing"):
        load(tmp_path, TRUST)
    write(tmp_path, GOOD.replace("owner", "author: A. Okafor\ndate: 2025-11-14\nowner"))
    (template,) = load(tmp_path, TRUST).values()
    assert (template.author, template.date) == ("A. Okafor", "2025-11-14")


@pytest.mark.parametrize(
    "place",
    [
        "sms.en.txt",
        "First Day/sms.en.txt",
        "first-day/sms.txt",
        "first-day/pigeon.en.txt",
        "first-day/sms.en.md",
    ],
)
def test_a_file_in_the_wrong_place_is_never_skipped(tmp_path: Path, place: str) -> None:
    """A misnamed template is an error: skipped, it would be a message nobody gets."""
    write(tmp_path, GOOD, place)
    with pytest.raises(TemplateError, match="found by its place"):
        load(tmp_path)
