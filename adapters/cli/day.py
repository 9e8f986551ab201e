"""`firstbell run`, `explain` and `near`: the day judged."""

from __future__ import annotations

from typing import Annotated

import typer

from adapters.cli.asked import (
    AsOf,
    Json,
    KnownAt,
    Misasked,
    OnlyRule,
    School,
    instant,
    note,
    print_json,
    service,
)


def run(
    as_of: AsOf = "",
    known_at: KnownAt = "",
    school: School = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would follow; write nothing.")
    ] = False,
    release: Annotated[
        list[str] | None,
        typer.Option("--release", metavar="RULE", help="Let this rule act although its fuse blew."),
    ] = None,
    json: Json = False,
) -> None:
    """Judge the register as of an instant: the day's tasks and drafted messages."""
    from adapters.cli.show_run import run_document, show_run

    with service() as firstbell:
        done = firstbell.run_day.run(
            instant(as_of),
            instant(known_at) if known_at else None,
            tuple(school or ()),
            dry=dry_run,
            release=tuple(release or ()),
            in_full=json,
        )
        problems = {problem for each in done.schools for problem in each.problems}
        for problem in sorted(problems):
            note(str(problem))
        if any(problem.whole_file for problem in problems):
            note("a rule file could not be read: its rules did not run")
        elif any(not problem.rule for problem in problems):
            note("what these lines are about is left out; all else ran")
        if not done.schools:
            raise Misasked("there is no school in the store yet; 'firstbell import PATH' brings one in")
        if json:
            print_json(run_document(done))
        else:
            show_run(done, firstbell.store)


def explain(
    upn: Annotated[
        list[str] | None, typer.Argument(metavar="[UPN]...", help="Pupils; default: everybody.")
    ] = None,
    rule: OnlyRule = None,
    school: School = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    json: Json = False,
) -> None:
    """Say of every rule whether it holds, why, and by how much it does not."""
    from workflows.explaining import explained

    with service() as firstbell:
        lines = explained(
            firstbell.store,
            firstbell.library,
            instant(as_of),
            instant(known_at),
            tuple(upn or ()),
            tuple(rule or ()),
            tuple(school or ()),
        )
    if json:
        print_json(lines)
        return
    from adapters.cli.show_explain import show_explain

    show_explain(lines)


def near(
    within: Annotated[
        int, typer.Option("--within", metavar="N", min=1, max=10, help="At most so many sessions short.")
    ] = 2,
    rule: OnlyRule = None,
    school: School = None,
    as_of: AsOf = "",
    known_at: KnownAt = "",
    json: Json = False,
) -> None:
    """Say who is a few sessions short of a rule, what is missing, and when it could hold at the earliest."""
    from workflows.nearest import near as nearly

    with service() as firstbell:
        lines = nearly(
            firstbell.store,
            firstbell.library,
            instant(as_of),
            instant(known_at),
            within,
            tuple(rule or ()),
            tuple(school or ()),
        )
    if json:
        print_json(lines)
        return
    from adapters.cli.show_explain import show_near

    show_near(lines, within)
