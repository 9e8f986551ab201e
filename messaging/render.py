"""A template and its values become the words for one contact, or an error: never half of them.

The only user of jinja2, and of little of it: words, `{{ name }}` and `{% if name == '1' %}` with
elif, else, and, or, not. No loop, call, filter or attribute gets past the parser, so that a
template has nothing to go wrong with; the sandbox stands behind that all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from messaging.faults import Fault, TemplateError
from messaging.markup import tidied
from messaging.variables import VARIABLES, filled, flat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from messaging.templates import Template

_ALLOWED: Final = (
    nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const,
    nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
_COMPARISONS: Final = ("eq", "ne")

# Plain text, not HTML: an apostrophe in a name must stay one.
_JINJA: Final = ImmutableSandboxedEnvironment(autoescape=False, undefined=jinja2.StrictUndefined)
_JINJA.globals.clear()  # nothing there may be named, and it would be copied for each rendering
# A line of tags alone leaves no empty line behind; its end moves into the tag, so that lines count on.
_TAGS_ALONE: Final = re.compile(
    r"^([ \t]*(?:\{%(?:(?!%\}).)*%\}[ \t]*)*\{%(?:(?!%\}).)*)%\}[ \t]*\n", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Used:
    """The names a template uses, each with the line that does so first; `deciding` stand in a condition."""

    lines: Mapping[str, int]
    deciding: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Compiled:
    title: jinja2.Template | None  # None: it says the same of everybody, as most do
    words: jinja2.Template
    used: Used


def render(template: Template, variables: Mapping[str, str]) -> str:
    """The finished words: of a text one line, of all else paragraphs as messaging/markup tells.

    Values are data: braces and markup in a name stay what they are. Values that the template does not mention
    are left aside; for those not given stands what messaging/variables says.

    Raises:
        TemplateError: a value is missing, empty or not one of those allowed, or the template itself
            is wrong. The message names file, line and variable.
    """
    text = _compiled(template).words.render(_values(template, variables))
    text = " ".join(text.split()) if template.channel == "sms" else tidied(text)
    if not text:
        raise TemplateError(template.fault(template.starts, "nothing is left to send: every branch is empty"))
    return text


def render_title(template: Template, variables: Mapping[str, str]) -> str:
    """The finished title, on one line; empty where the template has none.

    Raises:
        TemplateError: as `render` does.
    """
    title = _compiled(template).title
    text = template.title if title is None else title.render(_values(template, variables))
    return " ".join(text.split())


def used(template: Template) -> Used:
    """What a template mentions, in its words and its title.

    Raises:
        TemplateError: it holds what no template may: every such place.
    """
    return _compiled(template).used


def _values(template: Template, variables: Mapping[str, str]) -> dict[str, str]:
    lines = _compiled(template).used.lines
    return {name: _value(template, name, line, variables) for name, line in lines.items()}


def _value(template: Template, name: str, line: int, variables: Mapping[str, str]) -> str:
    variable = VARIABLES[name]
    given = variables.get(name, variable.otherwise)
    if given is None:
        there = ", ".join(sorted(variables)) or "none"
        wrong = f"no value is given for {name!r} ({variable.says}); given are: {there}"
        raise TemplateError(template.fault(line, wrong))
    value = flat(given) if template.channel == "sms" else filled(variable, given)
    if not value and "" not in (*variable.samples, variable.otherwise):
        wrong = f"the value of {name!r} ({variable.says}) is empty: nothing is sent with a gap in it"
        raise TemplateError(template.fault(line, wrong))
    if variable.closed and value not in variable.samples:
        wrong = f"{name!r} is {value!r} and can only be {', '.join(variable.samples)}"
        raise TemplateError(template.fault(line, wrong))
    return value


@lru_cache(maxsize=1024)
def _compiled(template: Template) -> _Compiled:
    """Parsed, found to hold only what a template may, and compiled once."""
    faults: list[Fault] = []
    lines: dict[str, int] = {}
    deciding: set[str] = set()
    trees = []
    title_at = dict(template.stands).get("title", 1)
    body = _TAGS_ALONE.sub("\\1\n%}", template.body)
    for text, first in ((template.title, title_at), (body, template.starts)):
        try:
            tree = _JINJA.parse(text)
        except jinja2.TemplateSyntaxError as error:
            line, sentence = first + error.lineno - 1, f"this cannot be read as a template: {error.message}"
            raise TemplateError(template.fault(line, sentence)) from error
        for node in tree.find_all(nodes.Node):
            line = first + (node.lineno or 1) - 1
            faults += [template.fault(line, wrong) for wrong in _wrong(template, node)]
            if isinstance(node, nodes.Name):
                lines.setdefault(node.name, line)
            if isinstance(node, nodes.If):
                deciding |= {name.name for name in _names(node.test)}
        trees.append(tree)
    if faults:
        raise TemplateError(*sorted(set(faults)))
    title = _JINJA.from_string(trees[0]) if "{" in template.title else None
    return _Compiled(title, _JINJA.from_string(trees[1]), Used(lines, frozenset(deciding)))


def _names(node: nodes.Node) -> Iterator[nodes.Name]:
    if isinstance(node, nodes.Name):
        yield node
    yield from node.find_all(nodes.Name)


def _wrong(template: Template, node: nodes.Node) -> Iterator[str]:
    kind = type(node).__name__.lower()
    if not isinstance(node, _ALLOWED) or (
        isinstance(node, nodes.Compare) and any(operand.op not in _COMPARISONS for operand in node.ops)
    ):
        yield (
            f"a template cannot use this ({kind}): only {{{{ name }}}} and {{% if name == 'value' %}} "
            "with elif, else, and, or, not"
        )
    if isinstance(node, nodes.Const) and not isinstance(node.value, str):
        yield f"{node.value} needs quotes: every value is a word, so without them it never holds"
    if isinstance(node, nodes.Name):
        yield from _wrong_name(template, node.name)
    bare: list[nodes.Node] = []
    if isinstance(node, nodes.If):
        bare = [node.test]
    elif isinstance(node, nodes.And | nodes.Or):
        bare = [node.left, node.right]
    elif isinstance(node, nodes.Not):
        bare = [node.node]
    for test in bare:
        if isinstance(test, nodes.Name) and test.name in VARIABLES and VARIABLES[test.name].closed:
            value = VARIABLES[test.name].samples[0]
            yield f"{test.name} alone always holds: write {test.name} == '{value}'"
    if isinstance(node, nodes.Compare):
        yield from _never(node)


def _never(node: nodes.Compare) -> Iterator[str]:
    """A closed variable beside a value that it never has."""
    said = [
        part.value for part in (node.expr, *(op.expr for op in node.ops)) if isinstance(part, nodes.Const)
    ]
    for name in _names(node):
        variable = VARIABLES.get(name.name)
        if variable and variable.closed:
            for value in said:
                if isinstance(value, str) and value not in variable.samples:
                    yield f"{name.name} is never {value!r}: it can only be {', '.join(variable.samples)}"


def _wrong_name(template: Template, name: str) -> Iterator[str]:
    if name not in VARIABLES:
        yield f"{name!r} is no variable of a message; there are: {', '.join(VARIABLES)}"
    elif name not in template.mentions:
        listed = ", ".join(template.mentions)
        yield f"{name!r} is not on this template's list of variables ({listed}): add it there"
