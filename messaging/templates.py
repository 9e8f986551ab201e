"""Templates as files: what stands in each, read with the line it stands on.

A template is messaging/templates/<name>/<channel>.<language>.txt: a few `key: value` lines
between two lines of ---, then the words. What the words may say is checked by messaging/render.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from messaging.recipients import PURPOSES

if TYPE_CHECKING:
    from collections.abc import Iterable

TEMPLATES_FOLDER: Final = Path(__file__).parent / "templates"
CHANNEL_KINDS: Final = ("sms",)
KEYS: Final = ("purpose", "owner", "reading", "variables")

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FILE: Final = re.compile(r"(?P<channel>[a-z]+)\.(?P<language>[a-z]{2,3}(-[a-z]+)*)\.txt")
_FENCE: Final = "---"


class TemplateError(ValueError):
    """A template that cannot be used: `file:line: what is wrong, what to do`."""

    def __init__(self, source: Path, line: int, sentence: str) -> None:
        super().__init__(f"{source}:{line}: {sentence}")


@dataclass(frozen=True, slots=True)
class Template:
    """One wording for one channel and language.

    `version` is the first 12 hex digits of the file's SHA-256; `mentions` the variables that its
    front matter lists; `starts` the line of the file on which `body` begins.
    """

    name: str
    channel: str
    language: str
    body: str
    version: str
    purpose: str
    owner: str
    reading: str
    mentions: tuple[str, ...]
    source: Path
    starts: int


def load(folder: Path = TEMPLATES_FOLDER) -> dict[tuple[str, str, str], Template]:
    """All templates of a folder by (name, channel, language).

    Nothing is skipped but hidden files: a template that lies in the wrong place is an error.

    Raises:
        TemplateError: the first file that is no template, and why.
        OSError: the folder or a file of it cannot be read.
    """
    found = (read(path) for home in _shown(folder) for path in (_shown(home) if home.is_dir() else [home]))
    return {(template.name, template.channel, template.language): template for template in found}


def read(path: Path) -> Template:
    """The template in one file, its name, channel and language taken from its path.

    Raises:
        TemplateError: it is no template, and why.
        OSError: it cannot be read.
    """
    named = _FILE.fullmatch(path.name)
    if not (named and _NAME.fullmatch(path.parent.name) and named["channel"] in CHANNEL_KINDS):
        raise TemplateError(
            path, 1, "a template is found by its place: use <name>/<channel>.<language>.txt, such as "
            f"first-day/sms.en.txt, in small letters; channels are {', '.join(CHANNEL_KINDS)}"
        )  # fmt: skip
    content = path.read_bytes()
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TemplateError(path, line, "this is not UTF-8 text: save the file as UTF-8") from error
    front, starts = _front_matter(path, lines)
    body = "\n".join(lines[starts - 1 :])
    if not body.strip():
        raise TemplateError(path, starts, f"nothing follows the second {_FENCE}: write the message there")
    return Template(
        name=path.parent.name,
        channel=named["channel"],
        language=named["language"],
        body=body,
        version=hashlib.sha256(content).hexdigest()[:12],
        purpose=front["purpose"],
        owner=front["owner"],
        reading=front["reading"],
        mentions=tuple(name.strip() for name in front["variables"].split(",")),
        source=path,
        starts=starts,
    )


def _front_matter(path: Path, lines: list[str]) -> tuple[dict[str, str], int]:
    """The keys and the line on which the body starts."""
    if not lines or lines[0].strip() != _FENCE:
        raise TemplateError(path, 1, f"a template begins with a line {_FENCE}, then {_listed(KEYS)}")
    front: dict[str, str] = {}
    for number, line in enumerate(lines[1:], start=2):
        if line.strip() == _FENCE:
            missing = [key for key in KEYS if key not in front]
            if missing:
                raise TemplateError(path, number, f"{_listed(missing)} is missing above this line: add it")
            return front, number + 1
        key, colon, value = (piece.strip() for piece in line.partition(":"))
        _check_key(path, number, key, front)
        if not (colon and value):
            raise TemplateError(path, number, f"{key} says nothing: write `{key}: ...` on one line")
        if key == "purpose" and value not in PURPOSES:
            raise TemplateError(path, number, f"purpose {value!r} is not known: use {_listed(PURPOSES)}")
        front[key] = value
    raise TemplateError(path, len(lines), f"a second line {_FENCE} must end the list of keys: add it")


def _check_key(path: Path, number: int, key: str, front: dict[str, str]) -> None:
    if key in front:
        raise TemplateError(path, number, f"{key} stands here for the second time: keep one")
    if key not in KEYS:
        near = get_close_matches(key, KEYS, 1)
        meant = f"was {near[0]!r} meant?" if near else f"the keys are {_listed(KEYS)}"
        raise TemplateError(path, number, f"{key!r} is no key of a template: {meant}")


def _shown(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
