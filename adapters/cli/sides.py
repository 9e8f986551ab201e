"""What `rules diff` holds side by side: rules in files or folders, in force, or of a version that ran."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.cli.asked import Misasked
from adapters.rule_files import read_library, with_paths

if TYPE_CHECKING:
    from adapters.bootstrap import Service
    from engine.rulebook.rulebook import Rulebook

_VERSION = re.compile(r"[0-9a-f]{6,64}")
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Side:
    """One of two rulebooks, and what people call it."""

    called: str
    rulebook: Rulebook


def sides(firstbell: Service, one: str, other: str, school: str) -> tuple[Side, Side]:
    """The two rulebooks that were asked for, the older one first.

    Two words: the one against the other. One: what is in force against it. None: a school against its trust.
    """
    at = f" at {school}" if school else ""
    in_force = firstbell.library.for_school(school)
    if other:
        return _side(firstbell, one, school), _side(firstbell, other, school)
    if one:
        return Side(f"the rules in force{at}", in_force), _side(firstbell, one, school)
    if not school:
        raise Misasked("name two files, folders or versions, or one against what is in force, or --school")
    return Side("the trust's rules", firstbell.library.down_to("trust", in_force)), Side(school, in_force)


def _side(firstbell: Service, words: str, school: str) -> Side:
    path = Path(words)
    if not path.exists():
        return _version(firstbell, words)
    if (path / "england").is_dir() and (path / "trust").is_dir():  # a folder of all layers
        library = read_library(path / "england", path / "trust", path / "schools")
    else:
        library, _ = with_paths(firstbell.library, [path])
    return Side(words, library.for_school(school))


def _version(firstbell: Service, words: str) -> Side:
    """The rules of a version that a school in the store was judged by, by the first letters of its hash."""
    if not _VERSION.fullmatch(words):
        raise Misasked(f"{words}: there is no such file or folder")
    with firstbell.store.reading() as unit:
        ran = dict.fromkeys(version for each in unit.school_ids() for version in unit.rulebooks_run(each))
        found = [version for version in ran if version.startswith(words)]
        if len(found) != 1:
            there = ", ".join(version[:_SHOWN] for version in found or ran) or "none yet"
            what = f"{len(found)} versions begin so" if found else "no rules of this version have run"
            raise Misasked(f"{words}: {what}; versions: {there}")
        return Side(found[0][:_SHOWN], firstbell.library.kept(unit.rulebook(found[0]) or "[]"))
