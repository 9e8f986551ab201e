"""Template files: what is read from one, and the sentence each mistake gets."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

import pytest

from messaging.templates import TemplateError, load, read

if TYPE_CHECKING:
    from pathlib import Path

GOOD: Final = """---
purpose: absence
owner: office
reading: When.
variables: child, school
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
    found = load(tmp_path)
    assert list(found) == [("first-day", "sms", "en")]
    template = found["first-day", "sms", "en"]
    assert template.version == hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    assert (template.purpose, template.owner, template.reading) == ("absence", "office", "When.")
    assert template.mentions == ("child", "school")
    assert path.read_text().splitlines()[template.starts - 1 :] == template.body.splitlines()


def test_windows_files_say_the_same_in_another_version(tmp_path: Path) -> None:
    """A byte-order mark and CRLF line ends change the version and nothing else."""
    plain = read(write(tmp_path, GOOD))
    marked = read(write(tmp_path, b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode()))
    assert (marked.body, marked.starts) == (plain.body, plain.starts)
    assert marked.version != plain.version


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        ("", 1, "begins with a line ---"),
        ("Dear parent\n", 1, "begins with a line ---, then purpose, owner, reading, variables"),
        (GOOD.replace("purpose", "porpoise"), 2, "'porpoise' is no key of a template: was 'purpose' meant?"),
        (GOOD.replace("owner", "colour of ink"), 3, "the keys are purpose, owner, reading, variables"),
        (GOOD.replace("absence", "marketing"), 2, "'marketing' is not known: use absence, letters, praise"),
        (GOOD.replace("owner: office", "owner:"), 3, "owner says nothing"),
        (GOOD.replace("owner: office", "owner office"), 3, "is no key"),
        (GOOD.replace("owner: office", "purpose: letters"), 3, "purpose stands here for the second time"),
        (GOOD.replace("reading: When.\n", ""), 5, "reading is missing above this line"),
        (GOOD.split("---\n\n")[0], 5, "a second line --- must end the list"),
        (GOOD.split("{{")[0], 7, "nothing follows the second ---"),
        (GOOD.encode() + b"\nZo\xeb\n", 10, "not UTF-8"),
    ],
)
def test_each_mistake_has_its_line_and_sentence(
    tmp_path: Path, content: str | bytes, line: int, words: str
) -> None:
    """file:line: what is wrong and what was meant."""
    path = write(tmp_path, content)
    with pytest.raises(TemplateError, match=rf"^{re.escape(str(path))}:{line}: .*{re.escape(words)}"):
        load(tmp_path)


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
