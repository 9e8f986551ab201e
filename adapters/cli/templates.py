"""`firstbell templates`: check, preview, test, list and approve what families read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from adapters.cli.asked import Json, Misasked, print_json, service

if TYPE_CHECKING:
    from adapters.bootstrap import Service
    from messaging.faults import Fault
    from messaging.layers import Layered, Templates
    from messaging.templates import Template

app = typer.Typer(
    help="Wordings for families: check, preview, test, list, approve.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Paths = Annotated[
    list[Path] | None,
    typer.Argument(metavar="[PATH]...", help="Template files or folders; default: all in use."),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A template, such as first-day.")]
NameOrFile = Annotated[
    str, typer.Argument(metavar="NAME", help="A template, such as first-day; or the file of one not in use.")
]
SchoolId = Annotated[str, typer.Option("--school", metavar="ID", help="As they are at this school.")]
Channel = Annotated[str, typer.Option("--channel", help="sms, email, letter or call.")]
Language = Annotated[str, typer.Option("--language", help="Such as Polish, or pl.")]

_NO_GOLDEN = "it has no golden file: firstbell templates test --accept writes it"


@app.command("check")
def check(paths: Paths = None, json: Json = False) -> None:
    """Find what families should not read: file:line, what is wrong, what to do; exit 1 if anything is."""
    with service() as firstbell:
        asked, faults = _asked(firstbell.templates, paths)
    if json:
        print_json([_document(fault) for fault in faults])
    else:
        for fault in faults:
            sys.stdout.write(f"{fault}\n")
        files = {each.source for each in asked} | {fault.source for fault in faults}
        sys.stdout.write(f"{_of(len(files), 'template')}: {_of(len(faults), 'mistake')}\n")
    if faults:
        raise typer.Exit(1)


@app.command("list")
def list_(school: SchoolId = "", json: Json = False) -> None:
    """Every template: channels, languages, purpose, stage, version, and whether it may go to families."""
    from adapters.cli.show_templates import list_document, show_list
    from messaging.layers import of_school

    with service() as firstbell:
        templates = of_school(firstbell.templates, school)
        approved = _approved(firstbell)
    if json:
        print_json(list_document(templates, approved))
    else:
        show_list(templates, approved)


@app.command("preview")
def preview(
    name: NameOrFile,
    channel: Channel = "",
    language: Language = "",
    child: Annotated[
        str, typer.Option("--child", metavar="LIST", help="Of medical,send,carer,bereavement what holds.")
    ] = "",
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Another value; may repeat.")
    ] = None,
    school: SchoolId = "",
    json: Json = False,
) -> None:
    """The words as a telephone shows them, or as a page; with parts, words and reading age."""
    from adapters.cli.show_templates import preview_document, show_preview
    from messaging.layers import of_school

    with service() as firstbell:
        templates = of_school(firstbell.templates, school)
        approved = _approved(firstbell)
    wanted = _wanted(templates, name, channel, language)
    documents = [
        preview_document(each, templates, approved, _values(each, child, set_ or ())) for each in wanted
    ]
    if json:
        print_json(documents)
    else:
        for document in documents:
            show_preview(document)


@app.command("test")
def test(
    paths: Paths = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Write the golden files anew: their difference is yours to read.")
    ] = False,
    json: Json = False,
) -> None:
    """Hold each English template, in all its branches, against its golden file; exit 1 if one differs."""
    from messaging.golden import changes, differences, golden
    from messaging.templates import TEMPLATES_FOLDER

    with service() as firstbell:
        asked, _ = _asked(firstbell.templates, paths)
    shipped = [
        each for each in asked if each.source.is_relative_to(TEMPLATES_FOLDER) and each.language == "en"
    ]
    wanted = [each for each in asked if each in shipped or each.golden.is_file()]
    if accept:
        written = [each for each in (asked if paths else wanted) if _write(each.golden, golden(each))]
        if json:
            print_json([str(each.golden) for each in written])
        else:
            for each in written:
                sys.stdout.write(f"{each.golden}: written\n")
            sys.stdout.write(f"{_of(len(written), 'golden file')} written anew\n")
        return
    missing = [each.fault(1, _NO_GOLDEN) for each in wanted if not each.golden.is_file()]
    faults = sorted([*missing, *(fault for each in wanted for fault in differences(each))])
    if json:
        print_json({"templates": len(wanted), "differences": [_document(fault) for fault in faults]})
    else:
        for fault in faults:
            sys.stdout.write(f"{fault}\n")
        for each in wanted:
            for line in changes(each).splitlines():
                sys.stdout.write(f"{line}\n")
        sys.stdout.write(f"{_of(len(wanted), 'template')}, {len(faults)} otherwise than the golden file\n")
    if faults:
        raise typer.Exit(1)


@app.command("approve")
def approve(
    name: Name,
    channel: Annotated[str, typer.Option("--channel", help="sms, email, letter or call.")],
    language: Annotated[str, typer.Option("--language", help="Such as Polish, or pl.")],
    by: Annotated[
        str, typer.Option("--by", metavar="STAFF", help="Who speaks it: a staff id, or part of a name.")
    ],
    why: Annotated[str, typer.Option("--why", metavar="WORDS", help="How it was looked at.")],
    json: Json = False,
) -> None:
    """Say, as a translator, that a wording in another language is right: from now on families get it."""
    from dataclasses import asdict

    with service() as firstbell:
        given = firstbell.approving.approve(name, channel, language, by, why)
    if json:
        print_json({**asdict(given), "at": given.at.isoformat()})
    else:
        what = f"{given.template} {given.channel}.{given.language}, version {given.version}"
        sys.stdout.write(f"{what}, is approved by {given.by}\n")


def _asked(templates: Layered, paths: list[Path] | None) -> tuple[list[Template], list[Fault]]:
    """The templates of these paths (all in use, where none is given), and what is wrong with them.

    What lies elsewhere than those in use is read as a draft. Misasked for a path without any template.
    """
    from messaging.layers import drafts
    from messaging.lint import faults, faults_everywhere

    everywhere = (templates, *templates.own.values())
    used = list(dict.fromkeys(template for each in everywhere for template in each.values()))
    wrong = faults_everywhere(templates)
    if not paths:
        return used, wrong
    asked: list[Template] = []
    found: list[Fault] = []
    for path in paths:
        if not path.exists():
            raise Misasked(f"there is no file or folder {path}")
        here = [each for each in used if _under(each.source, path)]
        amiss = [fault for fault in wrong if _under(fault.source, path)]
        if not here and not amiss:
            here, amiss = drafts(path, templates, faults)
        if not here and not amiss:
            raise Misasked(f"there is no template in {path}: it would be <name>/<channel>.<language>.txt")
        asked, found = asked + here, found + amiss
    return list(dict.fromkeys(asked)), sorted(set(found))


def _approved(firstbell: Service) -> frozenset[str]:
    """The versions that translators approved; none where there is no store yet."""
    from adapters.store.problems import StoreProblem
    from workflows.approving import approved_versions

    try:
        with firstbell.store.reading() as unit:
            return approved_versions(unit)
    except StoreProblem:
        return frozenset()


def _wanted(templates: Templates, name: str, channel: str, language: str) -> list[Template]:
    """The templates of a name that are meant, or the draft in a file; Misasked where there is none."""
    from engine.rulebook.problems import nearest
    from messaging.languages import language_code
    from messaging.templates import TRUST, read

    if (file := Path(name)).is_file():
        return [read(file, TRUST)]
    named = [each for each in templates.values() if each.name == name]
    if not named:
        names = sorted({each.name for each in templates.values()})
        meant = f"did you mean {near}" if (near := nearest(name, names)) else f"there are: {', '.join(names)}"
        raise Misasked(f"there is no template {name!r}; {meant}")
    code = language_code(language)
    found = [each for each in named if channel in {"", each.channel} and each.language == code]
    if not found:
        there = ", ".join(f"{each.channel}.{each.language}" for each in named)
        raise Misasked(f"{name} is not there for that channel and language; there are: {there}")
    return found


def _values(template: Template, child: str, given: Iterable[str]) -> dict[str, str]:
    """The values of a preview: examples, what holds of the child, what was set."""
    from engine.rulebook.problems import nearest
    from messaging.lint.tries import examples
    from messaging.variables import CIRCUMSTANCES, VARIABLES, YES

    values = examples(template.language)
    for life in filter(None, (part.strip() for part in child.split(","))):
        if life not in CIRCUMSTANCES:
            raise Misasked(f"--child cannot be {life!r}: use {', '.join(CIRCUMSTANCES)}, with commas between")
        values[life] = YES
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or key not in VARIABLES:
            meant = (
                f"did you mean {near}"
                if (near := nearest(key, VARIABLES))
                else f"names: {', '.join(VARIABLES)}"
            )
            raise Misasked(f"--set {each!r}: write NAME=VALUE; {meant}")
        values[key] = value
    return values


def _write(path: Path, content: str) -> bool:
    """Write a golden file, unless it says so already; Misasked where it cannot be."""
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == content:
            return False
        path.write_text(content, encoding="utf-8")
    except OSError as wrong:
        raise Misasked(f"{path}: cannot be written: {wrong.strerror}") from wrong
    return True


def _under(source: Path, path: Path) -> bool:
    return source.resolve().is_relative_to(path.resolve())


def _document(fault: Fault) -> dict[str, object]:
    return {"file": str(fault.source), "line": fault.line, "what": fault.sentence}


def _of(number: int, thing: str) -> str:
    return f"{number or 'no'} {thing}{'' if number == 1 else 's'}"
