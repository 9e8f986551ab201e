"""The schema that editors get: it takes every pack that is right, as an editor reads it, no unknown key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from engine.measures import MEASURES
from engine.rulebook import hover, shapes
from engine.rulebook.schema import SECTIONS, schema
from engine.rulebook.shapes import PackShape
from engine.rulebook.typed import Shape
from engine.rulebook.yaml_source import read_yaml
from engine.truth import Comparison
from tests.engine import shipped
from tests.engine.rulebook.trial import PACK

README = (shipped.RULES / "README.md").read_text("utf-8")
OVERRIDES = next(
    block for block in re.findall(r"```yaml\n(.*?)```", README, re.DOTALL) if "overrides:" in block
)
MADE = schema()
VALIDATOR = Draft7Validator(MADE)


class Core(yaml.SafeLoader):
    """YAML 1.2 as editors read it: numbers, true, false and null have types, everything else is a word."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the loader above has it


for _tag, _words, _first in (
    ("bool", r"true|false", "tf"),
    ("null", r"null|~|", ["n", "~", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
):
    Core.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_words})$"), list(_first))


_KEYS = {True: "on", False: "off"}
"""What YAML 1.1 makes of these two keys."""


def in_json(data: object) -> Any:  # noqa: ANN401 - any data
    """Data of YAML as an editor hands it to a schema: keys are words as written, days are written out."""
    if isinstance(data, dict):
        return {_KEYS.get(key, str(key)): in_json(each) for key, each in data.items()}
    if isinstance(data, list):
        return [in_json(each) for each in data]
    return data.isoformat() if isinstance(data, date) else data


READINGS: dict[str, Callable[[str], Any]] = {
    "words": lambda text: read_yaml("a.yaml", text).data,
    "YAML 1.2": lambda text: in_json(yaml.load(text, Loader=Core)),  # noqa: S506 - a safe one
    "YAML 1.1": lambda text: in_json(yaml.safe_load(text)),
}


def wrong(text: str, reading: str = "YAML 1.2") -> list[str]:
    """What the schema has against a pack."""
    return [each.message for each in VALIDATOR.iter_errors(READINGS[reading](text))]


def test_it_is_a_schema() -> None:
    """By its own draft's rules, and what every `$ref` names is there."""
    Draft7Validator.check_schema(MADE)
    named = set(re.findall(r"'#/\$defs/(\w+)'", str(MADE)))
    assert named <= set(MADE["$defs"])


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize("pack", [*shipped.packs()], ids=lambda pack: pack.file)
def test_every_shipped_pack_is_taken(pack: Any, reading: str) -> None:  # noqa: ANN401 - a source
    """However an editor reads a number, a day or `yes`, it underlines nothing that is right."""
    assert wrong(pack.text, reading) == []


@pytest.mark.parametrize("text", [PACK, OVERRIDES], ids=["trial", "overrides"])
def test_packs_that_are_right_are_taken(text: str) -> None:
    """Also a lower layer's, and a trial pack, in all readings."""
    assert [wrong(text, reading) for reading in READINGS] == [[], [], []]


_NAMED_IN_TESTS = {"marks", "expect", "done", "corrected", "closed"}
NAMED = frozenset({*SECTIONS, *_NAMED_IN_TESTS, "values", "groups", "rate", "tasks", "answers"})
"""What holds names or days that a school chooses; below everything else the keys are the language's."""


def _keys(data: object, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any], str]]:
    """Each key in some data: the kind of place it stands in, the mapping, the key."""
    if isinstance(data, dict):
        named = bool(path) and (path[-1] in NAMED or path[-2:-1] == ("done",))
        for key, each in data.items():
            yield (*path, "*" if named else key), data, key
            yield from _keys(each, (*path, "*" if named else key))
    elif isinstance(data, list):
        for each in data:
            yield from _keys(each, path)


def test_no_unknown_key_is_taken_anywhere() -> None:
    """At each kind of place in the packs one key is misspelt: the schema refuses it; names stay free."""
    taken: set[tuple[str, ...]] = set()
    refused: set[tuple[str, ...]] = set()
    for text in (*(pack.text for pack in shipped.packs()), OVERRIDES):
        data = READINGS["YAML 1.2"](text)
        for place, mapping, key in [*_keys(data)]:
            if place in taken | refused:
                continue
            kept = dict(mapping)
            mapping.clear()
            mapping.update({f"{name}x" if name == key else name: each for name, each in kept.items()})
            (taken if VALIDATOR.is_valid(data) else refused).add(place)
            mapping.clear()
            mapping.update(kept)
    assert len(refused) > 100
    assert {place for place in taken if place[-1] != "*"} == set()


SLIPS = [
    ("autonomy: send", "autonomy: sned"),
    ("ladder: rate", "stage: first"),
    ("ladder: rate", "stage: 12"),
    ("due: same day", "due: []"),
    ("values: {always: 10}", "values: {always: ten}"),
    ("values: {always: 10}", "values: {}"),
    ("locked: true", "locked: perhaps"),
    ("bounds: [2, 10]", "bounds: [2]"),
    ("unit: percent", "unit: per cent"),
    ("at_least: tenth", "at_leats: tenth"),
    ("absence_rate: {over: year to date, at_least", "absence_rat: {over: year to date, at_least"),
    ("absence_rate: {over: year to date, at_least: tenth}", "absence_rate: {at_least: tenth}"),
    ("absence_rate: {over: year to date, at_least: tenth}", "absence_rate: {over: year to date}"),
    ("absence_rate: {over: year to date, at_least: tenth}", "{all: [a], any: [b]}"),
    ("    then:\n      - task: {do: look, by: office, due: same day}\n", "    then: []\n"),
    ("pack: trial\n", "title: trial\n"),
]


@pytest.mark.parametrize(("right", "slip"), SLIPS)
def test_a_slip_is_underlined(right: str, slip: str) -> None:
    """Words that are none of those allowed, numbers that are none, what is missing."""
    assert right in PACK
    assert wrong(PACK.replace(right, slip, 1)) != []


def test_every_section_and_every_measure_is_in_it() -> None:
    """A section of a pack that is no shape of its own would take anything."""
    open_ones = {
        name for name, each in PackShape.model_fields.items() if each.annotation == dict[str, object]
    }
    assert open_ones == set(SECTIONS)
    condition = MADE["$defs"]["Condition"]["anyOf"][1]["properties"]
    assert set(condition) == {"all", "any", "not", *MEASURES}
    assert condition["absence_rate"]["description"] == (
        "absence_rate: absent sessions of possible sessions, in percent. Thresholds are in percent."
    )


def _shapes() -> list[type[Shape]]:
    return [each for each in vars(shapes).values() if isinstance(each, type) and issubclass(each, Shape)]


def test_every_key_has_words_to_show_and_every_word_a_key() -> None:
    """What an editor shows of a key is written by hand: none is missing, none is left over."""
    keys = {
        (each.__name__, field.alias or name)
        for each in _shapes()
        for name, field in each.model_fields.items()
    }
    assert [each for each in sorted(keys) if not hover.hover(*each)] == []
    assert set(hover._WORDS) - {key for _, key in keys} == set()
    taken = {
        ("", key) for measure in MEASURES.values() for key in (*measure.takes, *measure.may_take, *Comparison)
    }
    assert set(hover._OF) == set(hover._OF) & {".".join(each) for each in keys | taken}
    for each in _shapes():
        told = MADE["$defs"].get(each.__name__, MADE)["properties"]
        assert all(said["description"] for said in told.values()), each
