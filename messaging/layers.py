"""Wordings in layers: what is shipped, what a trust has instead, what one school has instead of that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from messaging.faults import Fault, TemplateError
from messaging.languages import ENGLISH
from messaging.templates import SCHOOL, TEMPLATES_FOLDER, TRUST, Key, Template, gather

Templates = Mapping[Key, Template]


@dataclass(frozen=True, slots=True)
class Layered(Mapping[Key, Template]):
    """The wordings of every school; as a mapping those of a school without any of its own.

    `own` maps a school to all of its wordings, its own among them.
    """

    everywhere: Templates
    own: Mapping[str, Templates] = field(default_factory=dict)

    def __getitem__(self, key: Key) -> Template:
        return self.everywhere[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self.everywhere)

    def __len__(self) -> int:
        return len(self.everywhere)


def of_school(templates: Templates, school_id: str) -> Templates:
    """The wordings in force at a school."""
    return templates.own.get(school_id, templates.everywhere) if isinstance(templates, Layered) else templates


def read_layers(trust: Path, schools: Path, shipped: Path = TEMPLATES_FOLDER) -> Layered:
    """The wordings of all layers; a folder that is not there holds none.

    `schools` has a folder for each school that words something otherwise, named by its id.

    Raises:
        TemplateError: every file that is no template, and why.
        OSError: a folder or a file cannot be read.
    """
    layered, found = gather_layers(trust, schools, shipped)
    if found:
        raise TemplateError(*found)
    return layered


def gather_layers(
    trust: Path, schools: Path, shipped: Path = TEMPLATES_FOLDER
) -> tuple[Layered, list[Fault]]:
    """What `read_layers` gives, and all that it would raise."""
    base, found = gather(shipped)
    trusts, wrong = gather(trust, TRUST) if trust.is_dir() else ({}, [])
    everywhere, found = {**base, **trusts}, [*found, *wrong]
    own = {}
    homes = [home for home in sorted(schools.iterdir()) if home.is_dir()] if schools.is_dir() else []
    for home in homes:
        theirs, wrong = gather(home, SCHOOL)
        own[home.name] = {**everywhere, **theirs}
        found += wrong
        found += [_nothing_to_vary(each) for each in theirs.values() if not _varies(each, everywhere)]
    return Layered(everywhere, own), found


def _varies(template: Template, everywhere: Templates) -> bool:
    return (template.name, template.channel, ENGLISH) in everywhere


def _nothing_to_vary(template: Template) -> Fault:
    what = (
        f"there is no {template.name}/{template.channel}.en.txt that this could vary: a school words "
        "otherwise what all schools have; a new one belongs into the trust's folder"
    )
    return template.fault(1, what)
