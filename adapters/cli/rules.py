"""`firstbell rules`: check, show and test the packs, and print what becomes of a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, note, print_json, service
from adapters.cli.rules_preview import preview

if TYPE_CHECKING:
    from adapters.bootstrap import Service
    from adapters.cli.rule_tests import Packs
    from engine.rulebook.problems import Problem
    from engine.rulebook.rulebook import Rulebook

app = typer.Typer(
    help="Rule packs: check, show, diff, preview, test, flowchart, schema.",
    no_args_is_help=True,
    rich_markup_mode=None,
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
    from adapters.config import PACKAGE
    from adapters.rule_files import read_calendars, with_each
    from engine.inference.agree import Inference
    from engine.rulebook.changes import notes
    from engine.rulebook.problems import Problem
    from engine.ruletests import read_tests
    from workflows.checking import checked, in_waiting
    from workflows.roles import gaps, of_no_school, roles_held

    with service() as firstbell:
        _check_school(firstbell, school)
        found, unread = read_calendars(firstbell.calendars)
        calendars = {*found, *(Path(problem.file).stem for problem in unread)}
        problems, late = list[Problem](), list[str]()
        rulebooks: list[Rulebook] = []
        for library, names in with_each(firstbell.library, paths or ()):
            books = (library.for_school(school),) if school else library.rulebooks
            wrong = [*unread]
            for rulebook in books:
                wrong += checked(rulebook, firstbell.templates)
                wrong += in_waiting(library, rulebook, firstbell.templates)
                for source in rulebook.sources:
                    wrong += read_tests(source, library.down_to(source.layer, rulebook), calendars)[1]
                late += [f"note: {each}" for each in notes(rulebook, now().date())]
                late += [str(need) for need in rulebook.needs if need.rules]
            if staff:
                held = roles_held(firstbell.store, library, now().date(), (school,) if school else ())
                wrong += [gap for each in held for gap in gaps(each)]
                wrong += () if school else of_no_school(firstbell.store, library)
            problems += [problem for problem in wrong if not names or problem.file in names]
            rulebooks += books
    problems = sorted(set(problems))
    own = firstbell.config.rules.schools
    if not own.is_dir() and own != PACKAGE / "rules" / "schools":
        note(f"there is no folder {own}: no school has rules of its own")
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
    for each in sorted(set(late)):
        note(each)
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
        _check_school(firstbell, school)
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
def test(
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="[PATH|PACK|RULE]...", help="Rule files or folders; names of packs or rules."),
    ] = None,
    school: Scope = "",
    edges: Annotated[
        bool, typer.Option("--edges", help="The boundary cases of each rule that no test tells yet.")
    ] = False,
    mutate: Annotated[
        bool,
        typer.Option(
            "--mutate", help="Change every number, comparison, window and code; list what no test notices."
        ),
    ] = False,
    accept: Annotated[
        bool, typer.Option("--accept", help="With one of these: add the tests shown to their files.")
    ] = False,
    json: Json = False,
) -> None:
    """Run the tests that stand beside the rules, every school's own too; exit 1 if one fails."""
    from adapters.cli.rule_tests import Packs, named
    from adapters.rule_files import read_calendars, with_each, with_paths

    if accept and not (edges or mutate):
        raise Misasked("--accept adds what --edges or --mutate shows: name one of them too")
    with service() as firstbell:
        _check_school(firstbell, school)
        there = [Path(word) for word in words or () if Path(word).exists()]
        paths, packs, rules = named(words or (), with_paths(firstbell.library, there)[0].rulebooks)
        calendars, problems = read_calendars(firstbell.calendars)
        asked, wrong = Packs({}, calendars), [*problems]
        for library, names in with_each(firstbell.library, paths):
            books = (library.for_school(school),) if school else library.rulebooks
            own = {rule.place.file for book in books for rule in book.rules if rule.id in rules}
            asked = asked.and_those(Packs.of(library, books, calendars).only(names | packs | own))
            wrong += [problem for book in books for problem in book.problems]
    wrong += [problem for book in asked.in_force.values() for problem in book.problems]
    if edges:
        _edges(asked, rules, accept=accept, json=json)
    elif mutate:
        _mutate(asked, accept=accept, json=json)
    else:
        _test(asked, rules, wrong, json=json)


def _test(packs: Packs, rules: frozenset[str], wrong: list[Problem], *, json: bool) -> None:
    from adapters.cli.show_rule_tests import show_tests
    from engine.inference.agree import Inference
    from engine.ruletests import read_tests, run_test

    inference = Inference.here()
    lines: list[dict[str, object]] = []
    for source, rulebook in packs.in_force.items():
        tests, unread = read_tests(source, rulebook)
        wrong.extend(unread)
        for each in tests:
            if rules and not rules & set(each.rules):
                continue
            differences = [str(found) for found in run_test(each, rulebook, packs.calendars, inference)]
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


def _edges(packs: Packs, rules: frozenset[str], *, accept: bool, json: bool) -> None:
    from adapters.cli import rule_tests
    from adapters.cli.show_rule_tests import show_edges

    generated = rule_tests.edges(packs, rules)
    if json:
        print_json(rule_tests.documents(generated))
    else:
        show_edges({source.file: shapes for source, shapes in generated.items()})
    if accept:
        rule_tests.accept(packs, generated)


def _mutate(packs: Packs, *, accept: bool, json: bool) -> None:
    from adapters.cli import rule_tests
    from adapters.cli.show_rule_tests import show_scores

    scores, noticing = rule_tests.mutate(packs)
    if json:
        print_json(rule_tests.scores_document(scores, noticing))
    else:
        show_scores(scores, noticing, rule_tests.ENOUGH)
    if accept:
        rule_tests.accept(packs, rule_tests.by_file(packs, noticing))
    if any(score.percent < rule_tests.ENOUGH for score in scores):
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
        _check_school(firstbell, school)
        flow = case_moves() if cases else ladders(firstbell.library.for_school(school))
    if json:
        print_json([arrow.document() for arrow in flow])
    elif mermaid:
        sys.stdout.write(mermaid_words(flow))
    else:
        show_flow(flow)


@app.command("diff")
def diff(
    one: Annotated[str, typer.Argument(metavar="[A]", help="A rule file, a folder, or a version.")] = "",
    other: Annotated[str, typer.Argument(metavar="[B]", help="The same; B against A.")] = "",
    school: Annotated[
        str,
        typer.Option("--school", metavar="ID", help="At this school; alone, it against its trust."),
    ] = "",
    json: Json = False,
) -> None:
    """What differs between two sets of rules, in words; A alone against those in force. 1 if they differ."""
    from adapters.cli.show_diff import diff_document, show_diff
    from adapters.cli.sides import sides
    from engine.rulebook.compare import compared

    with service() as firstbell:
        before, after = sides(firstbell, one, other, school)
    found = compared(before.rulebook, after.rulebook)
    if json:
        print_json(diff_document(before, after, found))
    else:
        show_diff(before, after, found)
    for side in (before, after):
        for problem in side.rulebook.problems:
            note(f"left out of {side.called}: {problem}")
    if found:
        raise typer.Exit(1)


@app.command("schema")
def schema() -> None:
    """The JSON Schema of a rule pack, for editors: completion, hover text, and unknown keys underlined."""
    from engine.rulebook.schema import schema as made

    print_json(made())


def _check_school(firstbell: Service, school: str) -> None:
    """Misasked for a school that nothing knows of; a word where it has no rules of its own."""
    from adapters.store.problems import StoreProblem
    from engine.rulebook.problems import nearest

    own = {file.school_id for file in firstbell.library.files if file.school_id}
    if not school or school in own:
        return
    try:
        with firstbell.store.reading() as unit:
            there = own.union(unit.school_ids())
    except StoreProblem:  # rules are read and mended before there is a store
        there = own
    if there and school not in there:
        near = nearest(school, there)
        meant = f"did you mean {near}" if near else f"schools: {', '.join(sorted(there))}"
        raise Misasked(f"there is no school {school!r} in the store or among the rules; {meant}")
    note(f"{school} has no rules of its own: what holds there is the trust's")


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
