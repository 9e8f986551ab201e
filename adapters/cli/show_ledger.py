"""Ledger entries as a screen and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.text import Text

from adapters.cli.screen import screen
from engine.instants import local
from workflows.ports import LedgerLine


def ledger_document(lines: Sequence[LedgerLine]) -> list[dict[str, object]]:
    """The entries for other programs; an erased one has no content."""
    return [
        {
            "school_id": line.school_id,
            "seq": line.seq,
            "at": line.at.isoformat(),
            "kind": line.kind,
            "subject_digest": line.subject_digest,
            "rulebook": line.rulebook,
            "hash": line.hash,
            "content": line.content,
        }
        for line in lines
    ]


def show_ledger(lines: Sequence[LedgerLine]) -> None:
    """One line an entry, cut at the edge of the screen."""
    console = screen()
    for line in lines:
        said = "(erased)" if line.content is None else json.dumps(line.content, ensure_ascii=False)
        head = f"{line.school_id} {line.seq:>5} {local(line.at):%Y-%m-%d %H:%M} {line.kind:<11} "
        console.print(Text(head + said), no_wrap=True, overflow="ellipsis")
