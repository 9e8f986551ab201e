"""Templates as files: what stands in each, read with the line it stands on.

A template is <name>/<channel>.<language>.txt: a few `key: value` lines between two lines of ---, then the
words. What the words may say is checked by messaging/lint. Beside it may lie <channel>.<language>.golden,
the words it is known to make (see messaging/golden).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messaging.faults import Fault, TemplateError
from messaging.front_matter import FENCE, front_matter
from messaging.languages import LANGUAGES

__all__ = [
    "CHANNEL_KINDS",
    "GOLDEN",
    "TEMPLATES_FOLDER",
    "Key",
    "Template",
    "TemplateError",
    "gather",
    "load",
    "read",
]

TEMPLATES_FOLDER: Final = Path(__file__).parent / "templates"
CHANNEL_KINDS: Final = ("sms", "email", "letter", "call")
GOLDEN: Final = ".golden"
SHIPPED, TRUST, SCHOOL = 0, 1, 2
"""The layers that a wording may be of: the later goes before."""

_NAME: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FILE: Final = re.compile(r"(?P<channel>[a-z]+)\.(?P<language>[a-z]{2,3}(-[a-z]+)*)\.txt")

Key = tuple[str, str, str]
"""Name, channel, language."""


@dataclass(frozen=True, slots=True)
class Template:
    """One wording for one channel and language.

    `version` is the first 12 hex digits of the file's SHA-256, `number` the author's own; `mentions` the
    variables that its front matter lists; `starts` the line of the file on which `body` begins; `stands` the
    line of each key. `reading_age` is the limit in years, 0 where none is set; `translates` the version of
    the English that it says in another language; `author` and `date` are of a trust's or school's own.
    """

    name: str
    channel: str
    language: str
    body: str
    version: str
    purpose: str
    owner: str
    when: str
    mentions: tuple[str, ...]
    source: Path
    starts: int
    title: str = ""
    stage: str = ""
    number: int = 1
    reading_age: int = 0
    may_mention: tuple[str, ...] = ()
    same_for: tuple[str, ...] = ()
    translates: str = ""
    awaiting: str = ""
    author: str = ""
    date: str = ""
    layer: int = 0
    stands: tuple[tuple[str, int], ...] = ()

    @property
    def key(self) -> Key:
        """By what it is found."""
        return self.name, self.channel, self.language

    @property
    def golden(self) -> Path:
        """The file of the words it is known to make."""
        return self.source.with_name(f"{self.channel}.{self.language}{GOLDEN}")

    def fault(self, line: int | str, sentence: str) -> Fault:
        """Something wrong with it, on a line of the file or where a key of its front matter stands."""
        at = dict(self.stands).get(line, 1) if isinstance(line, str) else line
        return Fault(self.source, at, sentence)


def load(folder: Path = TEMPLATES_FOLDER, layer: int = SHIPPED) -> dict[Key, Template]:
    """All templates of a folder by (name, channel, language).

    Nothing is skipped but hidden and golden files: a template that lies in the wrong place is an error.

    Raises:
        TemplateError: files that are no templates, and why.
        OSError: the folder or a file of it cannot be read.
    """
    found, faults = gather(folder, layer)
    if faults:
        raise TemplateError(*faults)
    return dict(found)


def gather(folder: Path, layer: int = SHIPPED) -> tuple[Mapping[Key, Template], list[Fault]]:
    """What `load` gives, and all that it would raise; beside the shipped `layer` each names author and date.

    Raises:
        OSError: the folder or a file of it cannot be read.
    """
    found: dict[Key, Template] = {}
    faults: list[Fault] = []
    for path in (path for home in _shown(folder) for path in (_shown(home) if home.is_dir() else [home])):
        try:
            template = read(path, layer)
            found[template.key] = template
        except TemplateError as wrong:
            faults += wrong.faults
    return found, faults


def read(path: Path, layer: int = SHIPPED) -> Template:
    """The template in one file, its name, channel and language taken from its path.

    Raises:
        TemplateError: it is no template, and all the reasons why.
        OSError: it cannot be read.
    """
    named = _FILE.fullmatch(path.name)
    if not (named and _NAME.fullmatch(path.parent.name) and named["channel"] in CHANNEL_KINDS):
        sentence = (
            "a template is found by its place: use <name>/<channel>.<language>.txt, such as "
            f"first-day/sms.en.txt, in small letters; channels are {_listed(CHANNEL_KINDS)}"
        )
        raise TemplateError(Fault(path, 1, sentence))
    if named["language"] not in LANGUAGES:
        sentence = f"{named['language']!r} is no language Firstbell knows; there are: {_listed(LANGUAGES)}"
        raise TemplateError(Fault(path, 1, sentence))
    content = path.read_bytes()
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        wrong = Fault(path, line, "this is not UTF-8 text: save the file as UTF-8")
        raise TemplateError(wrong) from error
    front = front_matter(path, lines, named["channel"], named["language"], variant=layer > SHIPPED)
    body = "\n".join(lines[front.body_starts - 1 :])
    if not body.strip():
        wrong = Fault(path, front.body_starts, f"nothing follows the second {FENCE}: write the message there")
        raise TemplateError(wrong)
    return Template(
        name=path.parent.name,
        channel=named["channel"],
        language=named["language"],
        body=body,
        version=hashlib.sha256(content).hexdigest()[:12],
        purpose=front.word("purpose"),
        owner=front.word("owner"),
        when=front.word("when"),
        mentions=front.words("variables"),
        source=path,
        starts=front.body_starts,
        title=front.word("title"),
        stage=front.word("stage"),
        number=front.number("version"),
        reading_age=front.number("reading_age"),
        may_mention=front.words("may_mention"),
        same_for=front.words("same_for"),
        translates=front.word("translates"),
        awaiting=front.word("awaiting"),
        author=front.word("author"),
        date=front.word("date"),
        layer=layer,
        stands=front.stands,
    )


def _shown(folder: Path) -> list[Path]:
    return sorted(
        path for path in folder.iterdir() if not path.name.startswith(".") and path.suffix != GOLDEN
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
