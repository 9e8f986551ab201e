"""Makes the pictures of docs/golden-hour.md: a demo morning at 08:46, on the screen and on paper.

    .venv/bin/python docs/golden_hour.py

An invented school lives the autumn and four days of a week, by the very commands that a school types. On the
fifth morning most registers are in by 08:44, a tutor is out, and the run of 08:45 makes the list.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
DAY, MORNING = "2025-11-14", "1114-fri-0920"
STILL_OPEN = ("7G", "9B", "8E")  # the forms whose register is not in yet
OUT = "tutor-9B"
WIDTH = 120


def firstbell(folder: Path, *words: str) -> bytes:
    """What a command prints, in the colours of a screen."""
    screen = {"FIRSTBELL_STORE": f"sqlite:///{folder / 'school.db'}", "FORCE_COLOR": "1", "TERM": "xterm"}
    command = [sys.executable, "-c", "from adapters.cli import main; main()", *words]
    done = subprocess.run(command, cwd=HERE.parent, env=os.environ | screen, check=True, capture_output=True)  # noqa: S603
    return done.stdout


def live(folder: Path) -> None:
    """The autumn, four days, and the fifth morning up to the run of 08:45."""
    demo = f"sqlite:///{folder / 'demo.db'}"
    firstbell(folder, "--store", demo, "demo", "--schools", "1")
    firstbell(folder, "init")
    for delivery in sorted((folder / "demo-demo" / "csv").iterdir()):
        name = delivery.name
        if name.endswith(MORNING):
            break
        at = re.fullmatch(r"\d+-(\d\d)(\d\d)-\w+-(\d\d)(\d\d)", name)
        when = f"2025-{at[1]}-{at[2]}T{at[3]}:{at[4]}" if at else "2025-11-08T16:00"
        firstbell(folder, "import", str(delivery), "--recorded-at", when)
        firstbell(folder, "run", "--as-of", when)
    arrived(folder, delivery)
    firstbell(folder, "import", str(folder / "early"), "--recorded-at", f"{DAY}T08:44")
    said = ("--on", DAY, "--by", "ao-lower", "--as-of", f"{DAY}T08:30")
    firstbell(folder, "staff", "out", OUT, *said)
    firstbell(folder, "run", "--as-of", f"{DAY}T08:45")


def arrived(folder: Path, delivery: Path) -> None:
    """The morning registers that are in by 08:44: all but those of a few forms."""
    with (folder / "demo-demo" / "csv" / "0-autumn" / "pupils.csv").open(encoding="utf-8") as file:
        form = {row["upn"]: row["form"] for row in csv.DictReader(file)}
    (folder / "early").mkdir()
    with (
        (delivery / "marks.csv").open(encoding="utf-8") as file,
        (folder / "early" / "marks.csv").open("w", encoding="utf-8", newline="") as into,
    ):
        rows = csv.DictReader(file)
        out = csv.DictWriter(into, rows.fieldnames or ())
        out.writeheader()
        early = (row for row in rows if row["date"] == DAY and row["session"] == "AM")
        out.writerows(row for row in early if form[row["upn"]] not in STILL_OPEN)


def picture(screen: bytes, title: str) -> str:
    """A screen as SVG, with the letters of whatever fixed-width font is there."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text.from_ansi(screen.decode()))
    svg = console.export_svg(title=title)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code", "DejaVu Sans Mono")


def main() -> None:
    """Write docs/golden-hour.svg and docs/golden-hour.pdf."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        live(folder)
        asked = ("tasks", "--now", "--as-of", f"{DAY}T08:46")
        title = f"firstbell {' '.join(asked)}"
        (HERE / "golden-hour.svg").write_text(picture(firstbell(folder, *asked), title), encoding="utf-8")
        (HERE / "golden-hour.pdf").write_bytes(firstbell(folder, *asked, "--pdf"))


if __name__ == "__main__":
    main()
