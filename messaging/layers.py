"""Wordings in layers: what is shipped, what a trust has instead, what one school has instead of that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from messaging.faults import Fault, TemplateError
from messaging.languages import ENGLISH
from messaging.templates import SCHOOL, TEMPLATES_FOLDER, TRUST, Key, Template, gather, read

Templates = Mapping[Key, Template]
Fits = Callable[[Template, Template | None], Iterable[Fault]]
"""What is wrong with a wording beside the English one: `messaging.lint.faults`."""


@dataclass(frozen=True, slots=True)
class Layered(Mapping[Key, Template]):
    """The wordings of every school; as a mapping those of a school without any of its own.

    `own` maps a school to all of its wordings, its own among them. A wording of a trust or school with a
    mistake is left out, and what it would go before is used: `left_out` says what is wrong with it, by
    school ("" for the trust's).
    """

    everywhere: Templates
    own: Mapping[str, Templates] = field(default_factory=dict)
    left_out: Mapping[str, tuple[Fault, ...]] = field(default_factory=dict)

    def __getitem__(self, key: Key) -> Template:
        return self.everywhere[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.everywhere)

    def __len__(self) -> int:
        return len(self.everywhere)


def of_school(templates: Templates, school_id: str) -> Templates:
    """The wordings in force at a school."""
    return templates.own.get(school_id, templates.everywhere) if isinstance(templates, Layered) else templates


def left_out_at(templates: Templates, school_id: str) -> tuple[Fault, ...]:
    """Why wordings that a school would have are left out."""
    if not isinstance(templates, Layered):
        return ()
    return (*templates.left_out.get("", ()), *templates.left_out.get(school_id, ()))


def read_layers(trust: Path, schools: Path, fits: Fits, shipped: Path = TEMPLATES_FOLDER) -> Layered:
    """The wordings of all layers; a folder that is not there holds none.

    `schools` has a folder for each school that words something otherwise, named by its id. `fits` is asked of
    every wording that is not shipped.

    Raises:
        TemplateError: a shipped file is no template, and why.
        OSError: a folder or a file cannot be read.
    """
    base, wrong = gather(shipped)
    if wrong:
        raise TemplateError(*wrong)
    everywhere, at_trust = _over(base, trust, TRUST, fits)
    own, left_out = {}, {"": at_trust}
    homes = [home for home in sorted(schools.iterdir()) if home.is_dir()] if schools.is_dir() else []
    for home in homes:
        own[home.name], left_out[home.name] = _over(everywhere, home, SCHOOL, fits)
    return Layered(everywhere, own, {layer: found for layer, found in left_out.items() if found})


def drafts(path: Path, base: Templates, fits: Fits) -> tuple[list[Template], list[Fault]]:
    """Wordings that are not in use yet, in a file or below a folder, and what is wrong with them.

    They are held against those in use as a trust's own would be.

    Raises:
        OSError: they cannot be read.
    """
    found: dict[Key, Template] = {}
    faults: list[Fault] = []
    for file in [path] if path.is_file() else sorted(path.rglob("*.txt")):
        try:
            template = read(file, TRUST)
            found[template.key] = template
        except TemplateError as wrong:
            faults += wrong.faults
    for template in found.values():
        english = (template.name, template.channel, ENGLISH)
        beside = None if template.language == ENGLISH else found.get(english, base.get(english))
        faults += fits(template, beside)
    return list(found.values()), sorted(faults)


def _over(base: Templates, folder: Path, layer: int, fits: Fits) -> tuple[Templates, tuple[Fault, ...]]:
    """The wordings of one layer over those of the layers before, and why some are left out."""
    if not folder.is_dir():
        return base, ()
    theirs, wrong = gather(folder, layer)
    faults, taken = list(wrong), dict(base)
    for key, template in sorted(theirs.items(), key=_english_first):
        english = taken.get((template.name, template.channel, ENGLISH))
        found = list(fits(template, None if template.language == ENGLISH else english))
        if layer == SCHOOL and english is None:
            found = [_nothing_to_vary(template)]
        faults += found
        if not found:
            taken[key] = template
    return taken, tuple(sorted(faults))


def _english_first(item: tuple[Key, Template]) -> tuple[bool, Key]:
    return item[1].language != ENGLISH, item[0]


def _nothing_to_vary(template: Template) -> Fault:
    what = (
        f"there is no {template.name}/{template.channel}.en.txt that this could vary: a school words "
        "otherwise what all schools have; a new one belongs into the trust's folder"
    )
    return template.fault(1, what)
