"""`firstbell backup`: a copy of the store to put away."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from adapters.cli.asked import Json, print_json, service


def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="A new file; its folder is there.")],
    json: Json = False,
) -> None:
    """Copy the store into a new file while all else goes on.

    The copy is of one moment and read through; on this machine nobody else may read it.

    To go back to it: stop `serve`, put the file in the place of the store, delete what stands beside that
    (-wal, -shm), run `firstbell init` and `firstbell ledger verify`, and import what came since once more.
    """
    with service() as firstbell:
        firstbell.store.copy_to(to)
    size = to.stat().st_size
    if json:
        print_json({"file": str(to), "bytes": size})
    else:
        sys.stdout.write(f"{to}: {size / 1_000_000:,.1f} MB, read through and whole\n")
