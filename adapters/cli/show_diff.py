"""Two rulebooks beside each other, as sentences and as JSON."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from adapters.cli.sides import Side
from engine.rulebook.compare import Differing


def show_diff(before: Side, after: Side, found: Sequence[Differing]) -> None:
    """One sentence a line, and how many there are."""
    sys.stdout.write(f"From {before.called} to {after.called}:\n")
    for each in found:
        sys.stdout.write(f"  {each}\n")
    count = {0: "No difference", 1: "1 difference"}.get(len(found), f"{len(found)} differences")
    sys.stdout.write(f"{count}.\n")


def diff_document(before: Side, after: Side, found: Sequence[Differing]) -> dict[str, object]:
    """The document of `firstbell rules diff --json`."""
    return {
        "from": {"called": before.called, "version": before.rulebook.version},
        "to": {"called": after.called, "version": after.rulebook.version},
        "differences": [
            {
                "of": each.of,
                "name": each.name,
                "how": each.how,
                "sentence": str(each),
                "what": each.what or None,
                "now": each.now or None,
                "was": each.was or None,
                "from": each.since.isoformat() if each.since else None,
                "until": each.until.isoformat() if each.until else None,
                "who": each.changed.who if each.changed else None,
                "why": each.changed.why if each.changed else None,
            }
            for each in found
        ],
    }
