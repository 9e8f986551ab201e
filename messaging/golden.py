"""Golden files: the words each branch of a template makes, kept beside it so that a change is seen."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from itertools import zip_longest

from messaging.faults import Fault
from messaging.lint.tries import TWO, Tried, branches, examples
from messaging.render import render, render_title, used
from messaging.templates import Template

_HEAD = (
    "# What `firstbell templates test` expects; --accept writes it anew. Read changes as a parent would.\n"
)


def shown(template: Template) -> Iterator[Tried]:
    """A template in each of its branches, with the values of a preview; of two children at the end.

    Raises:
        TemplateError: it cannot be rendered.
    """
    base = examples(template.language)
    tries = [(case or "plain", {**base, **decided}) for case, decided in branches(used(template).deciding)]
    if "child" in template.mentions:
        tries.append(("two children", {**base, **TWO}))
    for case, values in tries:
        yield Tried(case, values, render_title(template, values), render(template, values))


def golden(template: Template) -> str:
    """The content of its golden file."""
    parts = [
        f"\n=== {each.case}\n" + (f"{each.title}\n\n" if each.title else "") + f"{each.text}\n"
        for each in shown(template)
    ]
    return _HEAD + "".join(parts)


def differences(template: Template) -> tuple[Fault, ...]:
    """Where its golden file says otherwise, at the first such line; none where there is no such file.

    Raises:
        OSError: the file cannot be read.
    """
    file = template.golden
    if not file.is_file():
        return ()
    expected, made = file.read_text(encoding="utf-8").splitlines(), golden(template).splitlines()
    if expected == made:
        return ()
    pairs = enumerate(zip_longest(expected, made), start=1)
    line, (wanted, got) = next((at, pair) for at, pair in pairs if pair[0] != pair[1])
    what = f"expected {wanted or 'nothing'!r}, the template makes {got or 'nothing'!r}: mend it, or --accept"
    return (Fault(file, line, what),)


def changes(template: Template) -> str:
    """What is different, line by line; empty where nothing is or there is no golden file."""
    if not template.golden.is_file():
        return ""
    expected = template.golden.read_text(encoding="utf-8").splitlines()
    return "\n".join(
        unified_diff(expected, golden(template).splitlines(), "expected", "made", lineterm="", n=1)
    )
