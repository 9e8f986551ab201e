"""The JSON Schema of a rule pack, made from its shapes: what editors complete by, and show of each key.

An editor reads YAML with types of its own: `7` is a number to it, `yes` a word or a truth. We read words and
type them by the shapes, so the schema takes whatever an editor may make of such a word. It knows the keys;
what only the rulebook knows (whether a threshold is there, what a window is called) is for
`firstbell rules check`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema
from pydantic_core import core_schema

from engine.codes import CODE_SETS
from engine.measures import MEASURES
from engine.measures.measure import WEEKDAYS
from engine.records import EVENTS
from engine.rulebook.hover import hover
from engine.rulebook.shapes import (
    CodeSetShape,
    CohortShape,
    DutyShape,
    ExpectShape,
    LadderShape,
    MeaningShape,
    NeedShape,
    OverrideShape,
    PackShape,
    RuleShape,
    RunShape,
    TestShape,
    ThresholdShape,
    TriageShape,
)
from engine.rulebook.typed import Shape
from engine.truth import Comparison
from engine.windows import SPELLINGS

Schema = dict[str, Any]
SECTIONS: dict[str, type[Shape]] = {
    "thresholds": ThresholdShape,
    "meanings": MeaningShape,
    "ladders": LadderShape,
    "rules": RuleShape,
    "triage": TriageShape,
    "duties": DutyShape,
    "runs": RunShape,
    "cohorts": CohortShape,
    "overrides": OverrideShape,
    "code_sets": CodeSetShape,
    "needs": NeedShape,
}
_WORD = {"type": ["string", "number", "boolean"]}
_NUMBER: Schema = {"anyOf": [{"type": "number"}, {"type": "string", "pattern": r"^[-+]?[0-9]+(\.[0-9]+)?$"}]}
_TRUTH: Schema = {"anyOf": [{"type": "boolean"}, {"enum": ["true", "false", "yes", "no", "on", "off"]}]}
_CONDITION = {"$ref": "#/$defs/Condition"}
_CONDITION_HERE = {"$comment": "a condition"}
_EMPTY = [("default", ""), ("default", []), ("default", {}), ("default", None)]
_TAKEN: dict[str, Schema] = {
    "over": {**_WORD, "examples": list(SPELLINGS)},
    "codes": {"anyOf": [{**_WORD, "examples": list(CODE_SETS)}, {"type": "array", "items": _WORD}]},
    "on": {"enum": list(WEEKDAYS)},
    "kinds": {"anyOf": [{**_WORD, "examples": list(EVENTS)}, {"type": "array", "items": _WORD}]},
    "outcomes": {"anyOf": [_WORD, {"type": "array", "items": _WORD}]},
}


def schema() -> Schema:
    """The JSON Schema (draft 7) of a rule file.

    >>> sorted(schema()["properties"])[:3]
    ['answers', 'code_sets', 'cohorts']
    """
    shapes: tuple[type[Shape], ...] = (PackShape, TestShape, ExpectShape, *SECTIONS.values())
    _, made = models_json_schema([(each, "validation") for each in shapes], schema_generator=_Generate)
    defs: Schema = made["$defs"]
    pack = defs.pop("PackShape")["properties"]
    for section, shape in SECTIONS.items():
        pack[section] = _named(pack[section], _of(shape))
    pack["tests"] = {**pack["tests"], "items": _of(TestShape)}
    expect = defs["TestShape"]["properties"]
    words = {"enum": defs["ExpectShape"]["properties"]["result"]["enum"]}
    expect["expect"] = _named(expect["expect"], {"anyOf": [words, _of(ExpectShape)]})
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A Firstbell rule pack",
        "type": "object",
        "properties": _settled(pack),
        "required": ["pack"],
        "additionalProperties": False,
        "$defs": _settled(defs) | {"Condition": _condition()},
    }


class _Generate(GenerateJsonSchema):
    """Each scalar as whatever an editor makes of it; `object` in a shape is a condition."""

    def str_schema(self, schema: core_schema.StringSchema) -> JsonSchemaValue:
        return {**super().str_schema(schema), **_WORD}

    def int_schema(self, schema: core_schema.IntSchema) -> JsonSchemaValue:
        return {"anyOf": [super().int_schema(schema), {"type": "string", "pattern": "^[0-9]+$"}]}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:
        return dict(_NUMBER)

    def bool_schema(self, schema: core_schema.BoolSchema) -> JsonSchemaValue:
        return dict(_TRUTH)

    def tuple_schema(self, schema: core_schema.TupleSchema) -> JsonSchemaValue:
        """The shapes have pairs of one kind only; `prefixItems` is newer than the editors are."""
        count = len(schema["items_schema"])
        inside = self.generate_inner(schema["items_schema"][0])
        return {"type": "array", "items": inside, "minItems": count, "maxItems": count}

    def any_schema(self, schema: core_schema.AnySchema) -> JsonSchemaValue:
        return dict(_CONDITION_HERE)  # the generator looks for what a `$ref` names

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        """What is turned into its type first may be a single word: a list of one, `none`, `nothing`."""
        inside = self.generate_inner(schema["schema"])
        return {"anyOf": [inside, _WORD]}

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        of = schema["cls"].__name__
        made["title"] = re.sub("(?<=[a-z])(?=[A-Z])", " ", of.removesuffix("Shape")).lower()
        properties = made.get("properties", {})
        made["properties"] = {key: _told(of, key, each) for key, each in properties.items()}
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 - any core schema
        return False


def _told(of: str, key: str, inside: Schema) -> Schema:
    """A key with what an editor shows of it; beside a `$ref` it would not be looked at."""
    words = hover(of, key)
    return {"allOf": [inside], "description": words} if "$ref" in inside else {**inside, "description": words}


def _of(shape: type[Shape]) -> Schema:
    return {"$ref": f"#/$defs/{shape.__name__}"}


def _named(section: Schema, inside: Schema) -> Schema:
    """A mapping from names that a school chooses to things of one shape."""
    words = [each for each in section.get("anyOf", ()) if each.get("type") != "object"]
    names: Schema = {"type": "object", "additionalProperties": inside}
    return {"description": section["description"], **({"anyOf": [names, *words]} if words else names)}


def _condition() -> Schema:
    """A condition: a meaning by its name, or one line of all, any, not, at_least 2 of, or one measure."""
    listed = {"type": "array", "items": _CONDITION, "minItems": 1}
    some = {**listed, "description": "So many of these hold, or more."}
    properties: Schema = {
        "all": {**listed, "description": "Each of these holds."},
        "any": {**listed, "description": "One of these holds, or more."},
        "not": {"allOf": [_CONDITION], "description": "This does not hold."},
    }
    one_line = {
        "type": "object",
        "properties": properties | dict(_measures()),
        "patternProperties": {"^at_least [1-9][0-9]? of$": some},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }
    return {"anyOf": [{"type": "string"}, one_line]}


def _measures() -> Iterator[tuple[str, Schema]]:
    """Each measure with what it takes and how it is compared; what it is, by its own first line."""
    compared = {each.value: _WORD | {"description": hover("", each.value)} for each in Comparison}
    for name, measure in MEASURES.items():
        told = (import_module(f"engine.measures.{name}").__doc__ or "").partition("\n\n")[0]
        taken = {
            key: _TAKEN.get(key, _WORD) | {"description": hover("", key)}
            for key in (*measure.takes, *measure.may_take)
        }
        yield (
            name,
            {
                "type": "object",
                "description": f"{' '.join(told.split())} Thresholds are in {measure.unit}.",
                "properties": taken | compared,
                "required": list(measure.takes),
                "additionalProperties": False,
                "minProperties": len(measure.takes) + 1,
            },
        )


def _settled(made: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """A part of a schema with each condition in its place, and no default that would be typed for nothing."""
    if isinstance(made, dict):
        if made.items() >= _CONDITION_HERE.items():
            rest = {key: each for key, each in made.items() if key not in _CONDITION_HERE}
            return {"allOf": [_CONDITION], **rest} if rest else _CONDITION
        return {key: _settled(each) for key, each in made.items() if (key, each) not in _EMPTY}
    return [_settled(each) for each in made] if isinstance(made, list) else made
