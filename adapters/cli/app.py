"""The command tree of `firstbell`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from adapters.cli import (
    backup,
    day,
    demo,
    families,
    intake,
    ledger,
    letters,
    outbox,
    replies,
    report,
    rules,
    serve,
    staff,
    tasks,
    templates,
    why,
)
from adapters.cli.asked import OVERRIDES

app = typer.Typer(
    name="firstbell",
    help="From a school's register to the day's attendance work, each task and message with its reason.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def settings(
    config: Annotated[
        Path | None, typer.Option("--config", help="The settings file; default: config.yaml, see README.")
    ] = None,
    store: Annotated[
        str, typer.Option("--store", metavar="URL", help="The store, such as sqlite:///school.db.")
    ] = "",
) -> None:
    """Flags that stand before the command."""
    OVERRIDES.config, OVERRIDES.store = config, store


app.command("demo")(demo.demo)
app.command("init")(intake.init)
app.command("import")(intake.import_)
app.command("run")(day.run)
app.command("explain")(day.explain)
app.command("near")(day.near)
app.command("why")(why.why)
app.command("backup")(backup.backup)
app.command("serve")(serve.serve)
app.add_typer(tasks.app, name="tasks")
app.add_typer(staff.app, name="staff")
app.add_typer(families.app, name="families")
app.add_typer(outbox.app, name="outbox")
app.add_typer(replies.app, name="replies")
app.add_typer(letters.app, name="letters")
app.add_typer(report.app, name="report")
app.add_typer(rules.app, name="rules")
app.add_typer(templates.app, name="templates")
app.add_typer(ledger.app, name="ledger")
