"""`firstbell`: the command line. One file a group of commands; heavy imports wait until they are needed."""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper

from adapters.memory import collect_seldom, leave_to_the_system


def main() -> None:
    """Run the command line; every failure is a sentence and an exit code, never a traceback."""
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a name that the terminal has no letter for is spelt
            stream.reconfigure(errors="backslashreplace")
    from adapters.cli.app import app
    from adapters.cli.failures import said

    try:
        app()
    except KeyboardInterrupt:
        sys.stderr.write("firstbell: stopped; what was not finished was not kept\n")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as problem:
        sentence = said(problem)
        if sentence is None and os.environ.get("FIRSTBELL_DEBUG"):
            raise
        sys.stderr.write(f"firstbell: {sentence or _unforeseen(problem)}\n")
        sys.exit(2)
    finally:
        leave_to_the_system()


def _unforeseen(problem: Exception) -> str:
    return (
        f"something went wrong that should not have ({type(problem).__name__}: {problem}); nothing half-done "
        "was kept. Run the command again with FIRSTBELL_DEBUG=1 and send what it prints to your supplier"
    )
