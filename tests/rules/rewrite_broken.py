"""What is said of each broken file, written anew at its top: `python -m tests.rules.rewrite_broken`."""

from __future__ import annotations

from pathlib import Path

from tests.rules.test_broken import FILES, expected, said


def rewrite(path: Path) -> None:
    """One file with what is said of it now; lines are counted with the comments above them."""
    body = path.read_text(encoding="utf-8").splitlines(keepends=True)[len(expected(path)) :]
    lines: list[str] = []
    while lines != (found := said(path)):
        lines = found
        path.write_text("".join([*(f"# {line}\n" for line in lines), *body]), encoding="utf-8")


if __name__ == "__main__":
    for each in FILES:
        rewrite(each)
