"""Rule files, calendars and templates from the disk: the folders that config.yaml names."""

from __future__ import annotations

import codecs
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from adapters.text_file import read_text
from engine.rulebook.calendars import TestCalendar, read_calendar
from engine.rulebook.problems import Problem
from engine.rulebook.rulebook import Source
from engine.rulebook.yaml_source import read_yaml
from workflows.library import Library, SchoolSource

Stamp = tuple[tuple[str, int, int], ...]
_SUFFIXES = {".yaml", ".yml"}
_SCHOOLS, _AUTHORITY = "schools", "authority"
_LAYER_OF_FOLDER = {"england": "national", "authorities": _AUTHORITY, "trust": "trust"}
_ONE_AT_A_TIME = {"documents", "authorities"}
_YOURS = "your-school"
"""What an example names in the place of a school: who tries it has not put their own there yet."""


class RuleFileProblem(Exception):  # noqa: N818 - a sentence for a person
    """A rule file or folder that cannot be read."""


def read_library(national: Path, trust: Path, schools: Path, authorities: Path | None = None) -> Library:
    """All rule files of the four layers.

    A school's own is `<schools>/<school_id>.yaml`; a local authority's holds for the `schools` that it names.
    """
    files = [SchoolSource(_read("national", path)) for path in _files(national)]
    if authorities and authorities.is_dir():
        read = [_read(_AUTHORITY, path) for path in _files(authorities)]
        files += [SchoolSource(source, school_id) for source in read for school_id in _schools(source)]
    files += [SchoolSource(_read("trust", path)) for path in _files(trust)]
    if schools.is_dir():
        files += [SchoolSource(_read("school", path), path.stem) for path in _files(schools)]
    return Library(tuple(files))


def stamp(*folders: Path) -> Stamp:
    """Every rule file in these folders with its time and size: another stamp is another rulebook, perhaps."""
    seen = []
    for folder in folders:
        try:
            for path in _files(folder):
                there = path.stat()
                seen.append((str(path), there.st_mtime_ns, there.st_size))
        except (OSError, RuleFileProblem):
            seen.append((str(folder), 0, 0))  # it is not there, or not for us
    return tuple(seen)


def words_stamp(*folders: Path) -> Stamp:
    """The same of every wording below these folders; one that is not there holds none."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.txt"))
    there = [(path, path.stat()) for path in paths if path.is_file()]
    return tuple((str(path), one.st_mtime_ns, one.st_size) for path, one in there)


def with_paths(library: Library, paths: Sequence[Path]) -> tuple[Library, frozenset[str]]:
    """The library with some files put in, and the names of those files.

    A file takes the place of the one it is (the same path) or replaces (the same `pack:`); its layer is
    that of the one it replaces, else of the folder it stands in, else school, the narrowest. A local
    authority's takes the place of the one that a school has, too: no school has two.
    """
    there = [(file, pack_of(file.source)) for file in library.files]
    layers = {pack: file.source.layer for file, pack in there}
    given = [_source(_LAYER_OF_FOLDER.get(path.parent.name, "school"), path) for path in _expanded(paths)]
    given = [replace(source, layer=layers.get(pack_of(source), source.layer)) for source in given]
    names = frozenset(source.file for source in given)
    packs = {pack_of(source) for source in given}
    kept = [file for file, pack in there if file.source.file not in names and pack not in packs]
    if any(source.layer == _AUTHORITY for source in given):
        kept = [file for file in kept if file.source.layer != _AUTHORITY]
    return Library((*kept, *(SchoolSource(source) for source in given))), names


def with_each(library: Library, paths: Sequence[Path]) -> list[tuple[Library, frozenset[str]]]:
    """The library with some files put in: documents and local authorities one at a time, the rest together.

    No school goes by two documents, or has two authorities. An authority that is in force stays where it is,
    with the schools that it names.
    """
    in_force = {file.source.file for file in library.files if file.source.layer == _AUTHORITY}
    files = _expanded(paths)
    alone = [path for path in files if path.parent.name in _ONE_AT_A_TIME]
    rest = [path for path in files if path not in alone]
    each = [with_paths(library, rest)] if rest or not alone else []
    for path in alone:
        there = shown(path) in in_force
        each.append((library, frozenset({shown(path)})) if there else with_paths(library, [path]))
    return each


def with_changed(library: Library, paths: Sequence[Path], school: str = "") -> tuple[Library, frozenset[str]]:
    """The library as it would be with some files put into force, and the names of those files.

    Each takes the place of the file it is, or of the one with the same `pack:`, wherever it lies: in that
    layer, for that school (a local authority's for the schools that it names now). Any other comes beside
    them, in the layer of its folder; in a folder `schools` for the school of its name, elsewhere for
    `school`, or for every school. An authority comes in place of the one in force at the schools that it
    names; one that names none yet, at `school` or everywhere.
    """
    files = list(library.files)
    names = set()
    for path in _expanded(paths):
        source = _source(_LAYER_OF_FOLDER.get(path.parent.name, "school"), path)
        names.add(source.file)
        place = _place_of(source, files)
        if place is None:
            tried_at: Sequence[str | None] = [None]
            if source.layer == "school":
                tried_at = [(path.stem if path.parent.name == _SCHOOLS else school) or None]
            elif source.layer == _AUTHORITY:
                tried_at = _named(source) or [school or None]
                gone = [file for file in library.files if _gives_way(file, tried_at)]
                files = [file for file in files if file not in gone]
            files += [SchoolSource(source, each) for each in tried_at]
            continue
        there = files[place].source
        source = replace(source, layer=there.layer)
        holds_for: Sequence[str | None] = [file.school_id for file in files if file.source == there]
        if source.layer == _AUTHORITY:
            holds_for = _named(source) or holds_for
        rest = [file for file in files if file.source != there]
        files = [*rest[:place], *(SchoolSource(source, each) for each in holds_for), *rest[place:]]
    return Library(tuple(files)), frozenset(names)


def _place_of(source: Source, files: Sequence[SchoolSource]) -> int | None:
    """Where the file stands that another would replace; None where it would come beside them."""
    same: tuple[Callable[[Source], str], ...] = (lambda each: each.file, pack_of)
    for alike in same:
        for place, file in enumerate(files):
            if alike(file.source) == alike(source):
                return place
    return None


def read_calendars(folder: Path) -> tuple[dict[str, TestCalendar], tuple[Problem, ...]]:
    """The calendars that rule tests name, and what is wrong with those that cannot be read."""
    found: dict[str, TestCalendar] = {}
    problems: list[Problem] = []
    for path in _files(folder) if folder.is_dir() else []:
        calendar, wrong = read_calendar(shown(path), _text(path))
        problems.extend(wrong)
        if calendar:
            found[path.stem] = calendar
    return found, tuple(problems)


def write_source(old: Source, new: Source) -> None:
    """Put the text of a rule file on the disk, whole or not at all; what a byte order mark was stays one.

    Raises:
        RuleFileProblem: it cannot be written, or somebody changed the file since it was read.
    """
    path = Path(old.file)
    try:
        there = path.read_bytes()
        mark = codecs.BOM_UTF8 if there.startswith(codecs.BOM_UTF8) else b""
        if there != mark + old.text.encode():
            raise RuleFileProblem(f"{old.file}: somebody changed the file meanwhile; nothing was written")
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as beside:
            beside.write(mark + new.text.encode())
            beside.flush()
            os.fsync(beside.fileno())
        shutil.copymode(path, beside.name)
        Path(beside.name).replace(path)
    except OSError as wrong:
        raise RuleFileProblem(f"{old.file}: cannot be written: {wrong.strerror}") from wrong


def pack_of(source: Source) -> str:
    """The name that a file gives itself (`pack:`); its own where it gives none."""
    data = read_yaml(source.file, source.text).data
    pack = data.get("pack") if isinstance(data, dict) else None
    return str(pack) if pack else source.file


def shown(path: Path) -> str:
    """A path as messages show it: from the working directory where it is below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _source(layer: str, path: Path) -> Source:
    return Source(layer, shown(path), _text(path))


def _read(layer: str, path: Path) -> Source:
    """A file of the library; one that cannot be read is a mistake like any other, and the rest stands."""
    try:
        return Source(layer, shown(path), read_text(path))
    except OSError as wrong:
        return Source(layer, shown(path), "", unread=wrong.strerror or str(wrong))


def _schools(source: Source) -> Sequence[str]:
    """The schools that a pack names; the one without a name where there are none, for a check to find."""
    data = read_yaml(source.file, source.text).data
    named = data.get("schools") if isinstance(data, dict) else None
    return [str(each) for each in (named if isinstance(named, list) else [named]) if each] or [""]


def _named(source: Source) -> list[str]:
    """The schools of its own that a local authority's pack names: none where it is still an example."""
    return [each for each in _schools(source) if each not in {"", _YOURS}]


def _gives_way(file: SchoolSource, tried_at: Sequence[str | None]) -> bool:
    """Whether a file in force is a local authority's at one of the schools at which another is tried."""
    return file.source.layer == _AUTHORITY and (None in tried_at or file.school_id in tried_at)


def _text(path: Path) -> str:
    try:
        return read_text(path)
    except OSError as wrong:
        raise RuleFileProblem(f"{shown(path)}: cannot be read: {wrong.strerror}") from wrong


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES and path.is_file())
    except (FileNotFoundError, NotADirectoryError):
        raise RuleFileProblem(
            f"{shown(folder)}: there is no such folder of rules; see config.yaml, key rules"
        ) from None
    except OSError as wrong:
        raise RuleFileProblem(f"{shown(folder)}: the folder cannot be read: {wrong.strerror}") from wrong


def _expanded(paths: Sequence[Path]) -> list[Path]:
    out: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.suffix in _SUFFIXES)
            out.extend(each for each in inside if each.parent.name != "calendars")
        else:
            out.append(path)
    return out
