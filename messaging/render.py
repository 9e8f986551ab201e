"""A template and its values become one text, or an error: never half a text.

The only user of jinja2, and of little of it: words, `{{ name }}` and `{% if name == '1' %}` with
elif, else, and, or, not. No loop, call, filter or attribute gets past the parser, so that a
template has nothing to go wrong with; the sandbox stands behind that all the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Final

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from messaging.sms import outside_gsm_7, sms_parts
from messaging.templates import Template, TemplateError
from messaging.variables import VARIABLES, flat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MOST_PARTS: Final = 2

_ALLOWED: Final = (
    nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const,
    nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not,
)  # fmt: skip
_COMPARISONS: Final = ("eq", "ne")
_PERCENT: Final = re.compile(r"%|\bper ?cent", re.IGNORECASE)
_DAYS_OR_LESSONS: Final = re.compile(r"\b(days?|lessons?)\b", re.IGNORECASE)

# Plain text, not HTML: an apostrophe in a name must stay one.
_JINJA: Final = ImmutableSandboxedEnvironment(autoescape=False, undefined=jinja2.StrictUndefined)


@dataclass(frozen=True, slots=True)
class _Compiled:
    words: jinja2.Template
    lines: Mapping[str, int]  # each name used, and the line of the file that uses it first


def render(template: Template, variables: Mapping[str, str]) -> str:
    """The finished text, on one line. Values are data: braces and markup in a name stay as they are.

    Values the template does not mention are left aside.

    Raises:
        TemplateError: a value is missing, empty or not one of those allowed, or the template itself
            is wrong. The message names file, line and variable.
    """
    compiled = _compiled(template)
    values = {name: _value(template, name, line, variables) for name, line in compiled.lines.items()}
    text = " ".join(compiled.words.render(values).split())
    if not text:
        raise TemplateError(
            template.source, template.starts, "nothing is left to send: every branch is empty"
        )
    return text


def check(template: Template) -> None:
    """Nothing, where a template is fit to use: it compiles and keeps the rules of wording.

    It is tried with the longest value of each variable: at most two parts, no character that
    needs more than GSM-7, no percentage without the days or lessons it stands for.

    Raises:
        TemplateError: the first thing that is wrong with it.
    """
    lines = _compiled(template).lines
    for name in template.mentions:
        if name not in lines:
            raise TemplateError(
                template.source,
                template.starts,
                f"{name!r} is listed above and not used: take it off the list",
            )
    for text in _samples(template, tuple(lines)):
        fault = _fault(text)
        if fault:
            raise TemplateError(template.source, template.starts, f"{fault}. Tried as: {text}")


def _samples(template: Template, names: tuple[str, ...]) -> Iterator[str]:
    for values in product(*(VARIABLES[name].samples for name in names)):
        yield render(template, dict(zip(names, values, strict=True)))


def _fault(text: str) -> str:
    strange = outside_gsm_7(text)
    if strange:
        return f"{' '.join(strange)} cannot be sent as plain SMS: use straight quotes and plain hyphens"
    parts = sms_parts(text)
    if parts > MOST_PARTS:
        return f"with long names this takes {parts} SMS parts, {MOST_PARTS} is the most: make it shorter"
    if _PERCENT.search(text) and not _DAYS_OR_LESSONS.search(text):
        return "a percentage alone tells a family little: say the days or lessons missed"
    return ""


def _value(template: Template, name: str, line: int, variables: Mapping[str, str]) -> str:
    samples, closed = VARIABLES[name].samples, VARIABLES[name].closed
    if name not in variables:
        given = ", ".join(sorted(variables)) or "none"
        wrong = f"no value is given for {name!r} ({VARIABLES[name].says}); given are: {given}"
        raise TemplateError(template.source, line, wrong)
    value = flat(variables[name])
    if not value and "" not in samples:
        wrong = f"the value of {name!r} ({VARIABLES[name].says}) is empty: nothing is sent with a gap in it"
        raise TemplateError(template.source, line, wrong)
    if closed and value not in samples:
        wrong = f"{name!r} is {value!r} and can only be {', '.join(samples)}"
        raise TemplateError(template.source, line, wrong)
    return value


@lru_cache(maxsize=256)
def _compiled(template: Template) -> _Compiled:
    """Parsed, found to hold only what a template may, and compiled once."""
    try:
        tree = _JINJA.parse(template.body)
    except jinja2.TemplateSyntaxError as error:
        line = template.starts + error.lineno - 1
        raise TemplateError(
            template.source, line, f"this cannot be read as a template: {error.message}"
        ) from error
    lines: dict[str, int] = {}
    for node in tree.find_all(nodes.Node):
        forbidden = _forbidden(node)
        if forbidden:
            raise TemplateError(template.source, template.starts + node.lineno - 1, forbidden)
        if isinstance(node, nodes.Name):
            line = template.starts + node.lineno - 1
            _known(template, node.name, line)
            lines.setdefault(node.name, line)
    return _Compiled(_JINJA.from_string(tree), lines)


def _forbidden(node: nodes.Node) -> str:
    kind = type(node).__name__.lower()
    if not isinstance(node, _ALLOWED) or (
        isinstance(node, nodes.Compare) and any(operand.op not in _COMPARISONS for operand in node.ops)
    ):
        return (
            f"a template cannot use this ({kind}): only {{{{ name }}}} and {{% if name == 'value' %}} "
            "with elif, else, and, or, not"
        )
    if isinstance(node, nodes.Const) and not isinstance(node.value, str):
        return f"{node.value} needs quotes: every value is a word, so without them it never holds"
    return ""


def _known(template: Template, name: str, line: int) -> None:
    if name not in VARIABLES:
        allowed = ", ".join(VARIABLES)
        raise TemplateError(
            template.source, line, f"{name!r} is no variable of a message; there are: {allowed}"
        )
    if name not in template.mentions:
        listed = ", ".join(template.mentions)
        wrong = f"{name!r} is not on this template's list of variables ({listed}): add it there"
        raise TemplateError(template.source, line, wrong)
