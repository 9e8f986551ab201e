"""Wordings as a telephone or a page shows them, and the list of all, as a screen and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from rich import box
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from messaging.languages import ENGLISH, LANGUAGES, language_name
from messaging.layers import Templates
from messaging.lint.reading import reading_age
from messaging.markup import HEADING, ITEM, ROW, without_tables
from messaging.render import render, render_title
from messaging.sms import outside_gsm_7, sms_parts
from messaging.templates import Template
from messaging.wording import is_usable

PHONE, PAGE = 40, 76
"""Columns of a telephone and of a page."""


def stands(template: Template, templates: Templates, approved: Collection[str]) -> str:
    """Whether a wording may go to families, in a few words."""
    english = templates.get((template.name, template.channel, ENGLISH))
    if templates.get(template.key) != template:
        return "not in use"
    if template.language == ENGLISH:
        return "in use"
    if is_usable(template, english, approved):
        return "approved"
    if english is not None and template.translates != english.version:
        return "of another English wording"
    return "awaits a translator"


def list_document(templates: Templates, approved: Collection[str]) -> list[dict[str, object]]:
    """The document of `firstbell templates list --json`."""
    return [
        {
            "name": each.name,
            "channel": each.channel,
            "language": each.language,
            "purpose": each.purpose,
            "stage": each.stage,
            "version": each.version,
            "number": each.number,
            "owner": each.owner,
            "when": each.when,
            "author": each.author or None,
            "date": each.date or None,
            "translates": each.translates or None,
            "usable": stands(each, templates, approved) in {"in use", "approved"},
            "stands": stands(each, templates, approved),
            "file": str(each.source),
        }
        for _, each in sorted(templates.items())
    ]


def show_list(templates: Templates, approved: Collection[str]) -> None:
    """A table, a line for each wording."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("name", "channel", "language", "purpose", "stage", "version", ""):
        table.add_column(column, overflow="fold", no_wrap=column in {"name", "language", "version"})
    before = ""
    for _, each in sorted(templates.items()):
        how = stands(each, templates, approved)
        own = f", by {each.author} {each.date}" if each.author else ""
        table.add_row(
            Text("" if each.name == before else each.name),
            Text(each.channel),
            Text(language_name(each.language)),
            Text(each.purpose),
            Text(each.stage),
            Text(f"{each.version} ({each.number})"),
            Text(how + own, style="" if how in {"in use", "approved"} else "bold red"),
        )
        before = each.name
    screen().print(table)


def preview_document(
    template: Template, templates: Templates, approved: Collection[str], values: Mapping[str, str]
) -> dict[str, Any]:
    """One wording with these values: the document of `firstbell templates preview --json`."""
    text = render(template, values)
    in_text, in_english = template.channel == "sms", template.language == ENGLISH
    return {
        "name": template.name,
        "channel": template.channel,
        "language": template.language,
        "version": template.version,
        "stands": stands(template, templates, approved),
        "title": render_title(template, values),
        "text": text,
        "parts": sms_parts(text) if in_text else None,
        "alphabet": ("UCS-2" if outside_gsm_7(text) else "GSM-7") if in_text else None,
        "characters": len(text),
        "words": len(without_tables(text).split()),
        "reading_age": round(reading_age(text), 1) if in_english else None,
        "reading_age_limit": template.reading_age if in_english else None,
    }


def show_preview(document: Mapping[str, Any]) -> None:
    """The words in a frame as wide as a telephone or a page, and the figures below it."""
    in_text = document["channel"] == "sms"
    width = PHONE if in_text else PAGE
    language = LANGUAGES[document["language"]]
    shown = document["text"] if in_text else f"{document['title']}\n\n{document['text']}"
    body = Text(_wrapped(shown, width), justify="right" if language.right_to_left else "left")
    head = f"{document['name']}, {document['channel']}, {language.name}"
    console = screen()
    console.print(Panel(body, title=Text(head), width=width + 4, box=box.ROUNDED))
    console.print(Text(_figures(document)))


def _figures(document: Mapping[str, Any]) -> str:
    said = [f"version {document['version']}, {document['stands']}", f"{document['words']} words"]
    if document["parts"]:
        parts = "1 part" if document["parts"] == 1 else f"{document['parts']} parts"
        said.append(f"{document['characters']} characters in {parts} ({document['alphabet']})")
    if document["reading_age"] is not None:
        said.append(f"reading age {document['reading_age']}, the limit is {document['reading_age_limit']}")
    return "; ".join(said)


def _wrapped(text: str, width: int) -> str:
    """Lines no longer than the frame; a heading underlined, the cells of a table below each other."""
    lines: list[str] = []
    for line in text.splitlines():
        if line.startswith(HEADING):
            heading = line.removeprefix(HEADING)
            lines += [*textwrap.wrap(heading, width), "\u2500" * min(len(heading), width)]
        elif line.startswith(ROW):
            lines += _row([cell.strip() for cell in line.strip("| ").split("|")], width)
        else:
            indent = "  " if line.startswith(ITEM) else ""
            lines += textwrap.wrap(line, width, subsequent_indent=indent) or [""]
    return "\n".join(lines)


def _row(cells: Sequence[str], width: int) -> list[str]:
    """A row of a table: its cells side by side, each as many lines as it needs."""
    each = width // len(cells)
    columns = [textwrap.wrap(cell, each - 1) for cell in cells]
    return ["".join(part.ljust(each) for part in parts) for parts in zip_longest(*columns, fillvalue="")]
