"""What a command was asked: instants, the service behind it, JSON or words."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from adapters.bootstrap import Service

AsOf = Annotated[str, typer.Option("--as-of", metavar="ISO", help="The instant judged; default now.")]
KnownAt = Annotated[
    str,
    typer.Option("--known-at", metavar="ISO", help="Believe only imports recorded up to here; default now."),
]
School = Annotated[
    list[str] | None, typer.Option("--school", metavar="ID", help="Only this school; may repeat.")
]
OnlyRule = Annotated[
    list[str] | None, typer.Option("--rule", metavar="ID", help="Only this rule; may repeat.")
]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, nothing else.")]


class Misasked(Exception):  # noqa: N818 - a sentence for a person
    """A command whose words do not fit; the sentence says what would."""


@dataclass
class Overrides:
    """The flags that stand before the command."""

    config: Path | None = None
    store: str = ""


OVERRIDES = Overrides()


class ByTheirIds(TyperGroup):
    """Commands about things that have ids: an id where a command should stand says which one shows it."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 - typer's own click
        """The command; Misasked for an id."""
        if group := {"t-": "tasks", "m-": "outbox"}.get(args[0][:2]):
            raise Misasked(f"{args[0]} is an id, not a command: write firstbell {group} show {args[0]}")
        return super().resolve_command(ctx, args)


@contextmanager
def service() -> Iterator[Service]:
    """The service that the settings make, let go of at the end."""
    from adapters.bootstrap import Service
    from adapters.config import read_config

    flags = {"store": OVERRIDES.store} if OVERRIDES.store else {}
    made = Service(read_config(os.environ, Path.cwd(), OVERRIDES.config, flags))
    try:
        yield made
    finally:
        made.close()


def instant(text: str) -> datetime:
    """An instant as a person wrote it; now where nothing was written."""
    from adapters.bootstrap import now
    from engine.instants import read_instant

    if not text:
        return now()
    try:
        return read_instant(text)
    except ValueError as wrong:
        raise Misasked(str(wrong)) from wrong


def one_form(**asked: bool) -> None:
    """Misasked where an answer is wanted in two forms at once: one of them would be left out silently."""
    forms = [f"--{name}" for name, wanted in asked.items() if wanted]
    if len(forms) > 1:
        raise Misasked(f"{' and '.join(forms)}: one answer has one form; name one of them")


def print_json(document: object) -> None:
    """One document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")


def to_file(command: str, form: str, made: Callable[[], bytes]) -> None:
    """The bytes of a file on standard output; on a screen they would be noise."""
    if sys.stdout.isatty():
        name = command.rpartition(" ")[2]
        raise Misasked(f"--{form} is a file: write firstbell {command} --{form} > {name}.{form}")
    sys.stdout.buffer.write(made())
    sys.stdout.flush()


def note(text: str) -> None:
    """A line beside the result, on standard error."""
    sys.stderr.write(text + "\n")
