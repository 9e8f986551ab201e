"""`firstbell init` and `firstbell import`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, instant, note, print_json, service

if TYPE_CHECKING:
    from workflows.receipt import FileReceipt


def init(json: Json = False) -> None:
    """Create the store, or bring it up to date."""
    with service() as firstbell:
        created = firstbell.ready()
        where = firstbell.config.store
        if json:
            print_json({"store": where, "created": created})
        else:
            sys.stdout.write(f"{'Created' if created else 'Up to date'}: {where}\n")


def import_(
    paths: Annotated[list[Path], typer.Argument(help="CSV folders or files.", metavar="PATH...")],
    source: Annotated[str, typer.Option("--format", help="The kind of source.")] = "csv",
    recorded_at: Annotated[
        str, typer.Option("--recorded-at", metavar="ISO", help="When this was learnt; default now.")
    ] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Exit 1 if any row was refused.")] = False,
    json: Json = False,
) -> None:
    """Take in a school's files. Idempotent: the same files again change nothing."""
    from adapters.bootstrap import now
    from adapters.cli.progress import Bar
    from adapters.mis.quarantine import QuarantineFolder
    from adapters.mis.sources import SOURCES
    from workflows.take_in import take_in

    if source not in SOURCES:
        raise Misasked(f"there is no source {source!r}; sources: {', '.join(SOURCES)}")
    files = SOURCES[source](paths)
    with service() as firstbell, Bar() as bar:
        firstbell.ready()
        when = instant(recorded_at) if recorded_at else None
        if when and when > now():
            note(f"warning: --recorded-at {recorded_at} lies in the future: it is not believed before then")
        quarantine = QuarantineFolder(firstbell.store_folder)
        receipt = take_in(firstbell.store, files, when, quarantine, bar.show, clock=now)
    for warning in receipt.warnings:
        note(f"warning: {warning}")
    for line in receipt.unreadable:
        note(line)
    if json:
        print_json(receipt.as_json())
    else:
        for file in receipt.files:
            sys.stdout.write(_line(file) + "\n")
    if receipt.refused:
        note(f"{receipt.refused} rows refused, each with its reason: {receipt.quarantine}")
    if receipt.nothing_read:
        raise typer.Exit(2)
    if strict and (receipt.refused or receipt.unreadable):
        raise typer.Exit(1)


def _line(file: FileReceipt) -> str:
    said = f"{file.file:<14} {file.rows:>8,} rows: {file.new:>8,} new"
    said += f" {file.changed:>6,} changed {file.same:>8,} same"
    extra = [f"{file.repeated:,} repeated"] if file.repeated else []
    extra += [f"{number:,} {kind}" for kind, number in file.agreed.items()]
    extra += [f"{file.refused:,} refused"] if file.refused else []
    return said + ("" if not extra else ", " + ", ".join(extra))
