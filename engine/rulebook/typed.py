"""From plain data to a shape, every mistake named at its own line."""

from __future__ import annotations

import re
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.rulebook.problems import Problem, nearest
from engine.rulebook.yaml_source import Path, Tree
from engine.truth import Comparison


class Shape(BaseModel):
    """A mapping whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Of = TypeVar("Of", bound=Shape)
_WORDS = re.compile(r"(?<!^)(?=[A-Z])")
_MOST_HOMES = 4
_A_LETTER_APART = 0.85
_OF_A_MEASURE = frozenset(
    {*(comparison.value for comparison in Comparison), "over", "codes", "on", "kinds", "outcomes", "one_in"}
)

_SAID = {
    "missing": "{named} is missing",
    "too_short": "at least one is needed here",
    "too_long": "no more than {max_length} here",
    "greater_than_equal": "{value} is too small: {ge} is the least",
    "less_than_equal": "{value} is too large: {le} is the most",
    "int_parsing": "{value!r} is not a whole number",
    "int_type": "a whole number is expected here",
    "bool_parsing": "{value!r} is neither true nor false",
    "bool_type": "true or false is expected here",
    "decimal_parsing": "{value!r} is not a number",
    "decimal_type": "a number is expected here",
    "finite_number": "{value!r} is not a number",
    "string_type": "text is expected here",
    "tuple_type": "a list is expected here, such as [5, 10]",
    "list_type": "a list is expected here (lines that begin with '- ')",
    "dict_type": "a mapping is expected here (lines of 'key: value')",
    "model_type": "a mapping is expected here (lines of 'key: value')",
}


def shaped(tree: Tree, path: Path, data: object, shape: type[Of]) -> Of | None:
    """The data as a shape, or None with every problem added to the tree.

    >>> from engine.rulebook.yaml_source import read_yaml
    >>> from engine.rulebook.shapes import InForceShape
    >>> tree = read_yaml("a.yaml", "fromm: 2024-08-19")
    >>> shaped(tree, (), tree.data, InForceShape)
    >>> print(tree.problems[0])
    a.yaml:1:1: unknown key 'fromm'; did you mean 'from'?; keys allowed here: from, until
    """
    try:
        return shape.model_validate(data)
    except ValidationError as wrong:
        told = {(problem.line, problem.column) for problem in tree.problems}
        found = [_problem(tree, path, shape, dict(error)) for error in wrong.errors()]
        tree.problems.extend(each for each in found if (each.line, each.column) not in told)
        return None


def _problem(tree: Tree, path: Path, shape: type[Shape], error: dict[str, Any]) -> Problem:
    where: tuple[str | int, ...] = tuple(error["loc"])
    here = (*path, *where)
    if error["type"] == "extra_forbidden":
        allowed = _keys(_shape_at(shape, where[:-1]))
        key = str(where[-1])
        do = f"keys allowed here: {', '.join(allowed)}"
        if not nearest(key, allowed, _A_LETTER_APART) and (homes := _homes(key)):
            return tree.problem(here, f"the key {key!r} is not for here", "", f"it belongs to: {homes}; {do}")
        return tree.problem(here, f"unknown key {key!r}", nearest(key, allowed), do)
    if where[-1:] == ("[key]",):  # a key of a mapping is wrong: it is told as a value of what it stands in
        where = where[:-2]
    last = where[-1] if where else ""
    key = f"item {last + 1}" if isinstance(last, int) else last
    value = error.get("input")
    if error["type"] in {"literal_error", "enum"}:
        allowed = [word.strip("' ") for word in error["ctx"]["expected"].replace(" or ", ", ").split(",")]
        what = f"{value!r} is not one of: {', '.join(allowed)}"
        return tree.problem(here, f"{key}: {what}", nearest(str(value), allowed))
    if error["type"].startswith("date"):
        what = f"{key}: {value!r} is not a date; write it as 2025-09-08"
        return tree.problem(here, what)
    if error["type"].startswith("time"):
        return tree.problem(here, f'{key}: {value!r} is not a time; write it as "08:40"')
    said = _SAID.get(error["type"], "{message}")
    named = key if isinstance(last, int) else f"the key {key!r}"
    what = said.format(named=named, value=value, message=error["msg"], **error.get("ctx", {}))
    return tree.problem(here, what if error["type"] == "missing" or not key else f"{key}: {what}")


def _keys(shape: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in shape.model_fields.items()]


def _homes(key: str) -> str:
    """What a key that is misplaced belongs to, in words; empty where nothing has it, or too much."""
    if key in _OF_A_MEASURE:
        return "measure"
    homes = sorted(_WORDS.sub(" ", each.__name__.removesuffix("Shape")).lower() for each in _with_key(key))
    return ", ".join(homes) if len(homes) <= _MOST_HOMES else ""


def _with_key(key: str) -> list[type[Shape]]:
    return [each for each in Shape.__subclasses__() if key in _keys(each)]


def _shape_at(shape: type[BaseModel], where: tuple[str | int, ...]) -> type[BaseModel]:
    """The shape that a path of keys and list positions leads to."""
    for key in where:
        if isinstance(key, int):
            continue
        field = next(f for name, f in shape.model_fields.items() if key in {name, f.alias})
        shape = _models(field.annotation)[0]
    return shape


def _models(annotation: object) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for part in get_args(annotation) for model in _models(part)]
