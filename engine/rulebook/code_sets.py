"""Code sets: the names under which rules speak of several codes at once, those always there and a pack's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.codes import CODE_SETS, known
from engine.rulebook.model import Place
from engine.rulebook.problems import nearest
from engine.rulebook.shapes import CodeSetShape
from engine.rulebook.typed import shaped
from engine.rulebook.yaml_source import Path, Tree


@dataclass(frozen=True, slots=True)
class CodeSet:
    """A set of codes under a name that a pack gives it."""

    name: str
    title: str
    codes: frozenset[str]
    place: Place
    source: str = ""


def read_code_sets(
    tree: Tree, data: Mapping[str, object], above: Mapping[str, CodeSet]
) -> dict[str, CodeSet]:
    """The code sets in force below a file: those `above` it, with what the file adds.

    A name means the same in every school of the trust; it is no code, and none of the shipped sets.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "code_sets: {holiday: {title: Term-time holiday, codes: [G]}}")
    >>> sorted(read_code_sets(tree, tree.data["code_sets"], {})["holiday"].codes)
    ['G']
    """
    out = dict(above)
    for name, raw in data.items():
        path: Path = ("code_sets", name)
        shape = shaped(tree, path, raw, CodeSetShape)
        if shape is None:
            continue
        taken = "a code" if known(name) else "a set that is always there" if name in CODE_SETS else ""
        if name in out:
            taken = f"a set in {out[name].place}"
        if taken:
            what = f"{name!r} is the name of {taken}"
            tree.problems.append(tree.problem(path, what, "", "give this one another name"))
            continue
        before = len(tree.problems)
        codes = read_codes(tree, (*path, "codes"), shape.codes, out)
        line, column = tree.place(path)
        if len(tree.problems) == before:
            out[name] = CodeSet(name, shape.title, codes, Place(tree.file, line, column), shape.source)
    return out


def read_codes(tree: Tree, path: Path, data: object, sets: Mapping[str, CodeSet]) -> frozenset[str]:
    """The codes that a list of codes, or the name of a set, stands for; mistakes are added to the tree.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "codes: ilness")
    >>> _ = read_codes(tree, ("codes",), "ilness", {})
    >>> str(tree.problems[0]).split("; write")[0]
    "a.yaml:1:1: 'ilness' is no attendance code; did you mean 'illness'?"
    """
    named = CODE_SETS | {each.name: each.codes for each in sets.values()}
    listed = data if isinstance(data, list) else [data]
    if not listed:
        tree.problems.append(tree.problem(path, "the list of codes is empty: it would count nothing"))
    found: set[str] = set()
    for code in listed:
        if isinstance(code, str) and code in named:
            found |= named[code]
        elif isinstance(code, str) and known(code):
            found.add(code)
        else:
            do = f"write a list of codes such as [G, N], or one of: {', '.join(named)}"
            what = f"{code!r} is no attendance code"
            tree.problems.append(tree.problem(path, what, nearest(str(code), named), do))
    return frozenset(found)
