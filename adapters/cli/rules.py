"""`firstbell rules`: check, show and test the packs, and print what becomes of a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, note, print_json, service
from adapters.cli.rules_preview import preview

if TYPE_CHECKING:
    from engine.rulebook.rulebook import Rulebook, Source

app = typer.Typer(
    help="Rule packs: check, show, test, preview, flowchart.", no_args_is_help=True, rich_markup_mode=None
)
app.command("preview")(preview)

Paths = Annotated[list[Path] | None, typer.Argument(metavar="[PATH]...", help="Rule files or folders.")]
Scope = Annotated[str, typer.Option("--school", metavar="ID", help="Only what is in force at this school.")]
Staff = Annotated[
    bool, typer.Option("--staff", help="Also whether somebody in each school of the store holds each role.")
]
Roles = Annotated[
    bool, typer.Option("--roles", help="Who does what in each school of the store, and what nobody does.")
]
Prose = Annotated[
    bool, typer.Option("--prose", help="In plain English, for a policy: each sentence tied to its rule.")
]
SchoolId = Annotated[
    str, typer.Option("--school", metavar="ID", help="The rulebook in force at this school.")
]


@app.command("check")
def check(paths: Paths = None, school: Scope = "", staff: Staff = False, json: Json = False) -> None:
    """Find mistakes in rule packs, every school's own too: file:line, what is wrong, what to do."""
    from adapters.bootstrap import now
    from adapters.rule_files import read_calendars, with_paths
    from engine.inference.agree import Inference
    from engine.ruletests import read_tests
    from workflows.checking import checked
    from workflows.roles import gaps, of_no_school, roles_held

    with service() as firstbell:
        library, names = with_paths(firstbell.library, paths or ())
        rulebooks = (library.for_school(school),) if school else library.rulebooks
        problems = [*read_calendars(firstbell.calendars)[1]]
        for rulebook in rulebooks:
            problems += checked(rulebook, firstbell.templates)
            problems += [wrong for source in rulebook.sources for wrong in read_tests(source, rulebook)[1]]
        if staff:
            held = roles_held(firstbell.store, library, now().date(), (school,) if school else ())
            problems += [gap for each in held for gap in gaps(each)]
            problems += () if school else of_no_school(firstbell.store, library)
    if names:
        problems = [problem for problem in problems if problem.file in names]
    problems = sorted(set(problems))
    if json:
        fields = ("file", "line", "column", "rule", "what", "meant", "do")
        print_json([{field: getattr(problem, field) for field in fields} for problem in problems])
    else:
        for problem in problems:
            sys.stdout.write(f"{problem}\n")
        count = len({rule.id for rulebook in rulebooks for rule in rulebook.rules})
        packs = len({source for rulebook in rulebooks for source in rulebook.sources})
        sys.stdout.write(
            f"{count} rules in {packs} packs, version {rulebooks[0].version[:12]}: "
            f"{_how_many(len(problems))}\n"
        )
    if sole := Inference.here().sole:
        note(sole)
    if problems:
        raise typer.Exit(1)


def _how_many(mistakes: int) -> str:
    return {0: "no mistakes", 1: "1 mistake"}.get(mistakes, f"{mistakes} mistakes")


@app.command("show")
def show(
    paths: Paths = None, school: SchoolId = "", roles: Roles = False, prose: Prose = False, json: Json = False
) -> None:
    """The rulebook in force: every rule, and every threshold with where its value comes from."""
    from adapters.bootstrap import now
    from adapters.cli.show_roles import roles_document, show_roles
    from adapters.cli.show_rules import rules_document, show_rules
    from adapters.rule_files import with_paths
    from workflows.roles import roles_held

    with service() as firstbell:
        library, _ = with_paths(firstbell.library, paths or ())
        rulebook = library.for_school(school)
        if roles:
            asked = (school,) if school else ()
            held = roles_held(firstbell.store, library, now().date(), asked)
            if json:
                print_json(roles_document(held))
            else:
                show_roles(held)
            return
    if prose:
        _in_prose(rulebook, json=json)
    elif json:
        print_json(rules_document(rulebook, now().date()))
    else:
        show_rules(rulebook, now().date())
    for problem in rulebook.problems:
        note(str(problem))


def _in_prose(rulebook: Rulebook, *, json: bool) -> None:
    from adapters.cli.show_prose import prose_document, show_prose
    from engine.rulebook.prose import prose

    said = prose(rulebook)
    if json:
        print_json(prose_document(said))
    else:
        show_prose(said)


@app.command("test")
def test(paths: Paths = None, school: Scope = "", json: Json = False) -> None:
    """Run the tests that stand beside the rules, every school's own too; exit 1 if one fails."""
    from adapters.cli.show_rules import show_tests
    from adapters.rule_files import read_calendars, with_paths
    from engine.inference.agree import Inference
    from engine.ruletests import read_tests, run_test

    with service() as firstbell:
        library, names = with_paths(firstbell.library, paths or ())
        rulebooks = (library.for_school(school),) if school else library.rulebooks
        calendars, problems = read_calendars(firstbell.calendars)
    inference = Inference.here()
    wrong = [*(problem for rulebook in rulebooks for problem in rulebook.problems), *problems]
    lines: list[dict[str, object]] = []
    # A pack that holds for several schools is tried once, in the first rulebook it stands in.
    in_force: dict[Source, Rulebook] = {}
    for rulebook in rulebooks:
        in_force |= {source: rulebook for source in rulebook.sources if source not in in_force}
    for source, rulebook in in_force.items():
        if names and source.file not in names:
            continue
        tests, unread = read_tests(source, rulebook)
        wrong.extend(unread)
        for each in tests:
            differences = [str(found) for found in run_test(each, rulebook, calendars, inference)]
            lines.append(
                {"file": each.file, "line": each.line, "name": each.name, "differences": differences}
            )
    failed = [line for line in lines if line["differences"]]
    if json:
        print_json({"tests": lines, "problems": [str(problem) for problem in sorted(set(wrong))]})
    else:
        show_tests(lines, failed)
        for problem in sorted(set(wrong)):
            note(str(problem))
    if failed or wrong:
        raise typer.Exit(1)


@app.command("flowchart")
def flowchart(
    cases: Annotated[bool, typer.Option("--cases", help="Every move that a case can make.")] = False,
    school: SchoolId = "",
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a diagram in Mermaid's words.")] = False,
    svg: Annotated[
        Path | None,
        typer.Option("--svg", metavar="FILE", help="As a picture of the ladders, into this file."),
    ] = None,
    json: Json = False,
) -> None:
    """The ladders in force, stage by stage; with --cases what can become of any case."""
    from adapters.cli.show_flow import case_moves, ladders, mermaid_words, show_flow

    if svg is not None:
        _draw(svg, school, cases=cases)
        return
    with service() as firstbell:
        flow = case_moves() if cases else ladders(firstbell.library.for_school(school))
    if json:
        print_json([arrow.document() for arrow in flow])
    elif mermaid:
        sys.stdout.write(mermaid_words(flow))
    else:
        show_flow(flow)


def _draw(file: Path, school: str, *, cases: bool) -> None:
    from adapters.lists.flow import flow_svg

    if cases:
        raise Misasked(
            "--svg draws the ladders; the moves of a case are a table: leave out --svg, or use --mermaid"
        )
    with service() as firstbell:
        title = f"What happens when, at {school}" if school else "What happens when"
        picture = flow_svg(firstbell.library.for_school(school), title)
    try:
        file.write_bytes(picture)
    except OSError as wrong:
        raise Misasked(f"{file}: cannot be written: {wrong.strerror}") from wrong
    sys.stdout.write(f"{file}: {len(picture):,} bytes\n")
