"""Which schools a local authority's pack holds for: it names them, no other does, and a school has one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.rulebook.yaml_source import Tree


def check_schools(packs: Iterable[tuple[Tree, Sequence[str]]]) -> None:
    """Add to each tree what is wrong with the schools that its pack names.

    `packs` are the tree and the schools of each pack of one rulebook.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> tree = read_yaml("a.yaml", "schools: [oakfield]")
    >>> check_schools([(tree, ["oakfield"])])
    >>> tree.problems[0].what
    "only a local authority's pack names schools"
    """
    first = ""
    for tree, schools in packs:
        what = do = ""
        if tree.layer != "authority":
            if schools:
                what = "only a local authority's pack names schools"
                do = "leave it out, or move the file to the folder of authorities"
        elif not schools:
            what, do = (
                "a local authority's pack names the schools it holds for",
                "add schools: [their school_id]",
            )
        elif first:
            what = f"a school has one local authority, and one of these has {first} already"
            do = "name each school in one pack only"
        else:
            first = tree.file
        if what:
            tree.problems.append(tree.problem(("schools",), what, "", do))
