"""What a change of the rules costs before anything happens: to read and check them, to look at a school."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from adapters.rule_files import read_library, with_changed
from benchmarks.apart import TOP, apart
from benchmarks.figure import Figure
from benchmarks.nights import cpu, service_on
from benchmarks.places import Places
from benchmarks.stores import WEDNESDAY, copy, evening
from engine.ruletests import read_tests
from messaging.templates import load
from workflows.checking import checked
from workflows.preview import preview

TITLE = "a change of the rules, before anything happens"
CHECK, PREVIEW = 1, 2
TRIES = 5
PACK, OLD, NEW = "absence-bands.yaml", "values: {always: 5}", "values: {always: 4}"
"""A threshold that changes by one point: absence becomes a pattern at 4 percent."""
AT = evening(WEDNESDAY) + timedelta(minutes=30)


def measure(places: Places) -> Iterator[Figure]:
    """Parse and check of all shipped packs; the preview of a school, warm, on what Wednesday night left."""
    tries = [apart(parse_and_check).said for _ in range(TRIES)]  # what was read once is kept: each apart
    check = sorted(tries, key=lambda said: said["seconds"])[TRIES // 2]
    yield Figure(
        f"parse and check of {check['packs']} packs",
        check["seconds"],
        bar=CHECK,
        note=f"{check['rules']} rules, {check['tests']} tests of theirs; {check['cpu']:.2f} s of CPU",
    )
    changed = places.file(f"changed/{PACK}")
    pack = (TOP / "rules" / "england" / PACK).read_text(encoding="utf-8")
    changed.write_text(pack.replace(OLD, NEW), encoding="utf-8")
    shown = apart(preview_school, copy(places.thursday(), places.file("preview.db")), changed).said
    yield Figure(
        f"preview of a school of {shown['pupils']:,}, warm",
        shown["seconds"],
        bar=PREVIEW,
        note=f"{shown['differences']} differences; {shown['cpu']:.2f} s of CPU",
    )


def parse_and_check() -> dict[str, float]:
    """All shipped packs from their files, read and checked as `firstbell rules check` does, once."""
    templates, folder = load(), TOP / "rules"
    begin, used = time.perf_counter(), cpu()
    rulebook = read_library(folder / "england", folder / "trust", folder / "schools").for_school("")
    problems, tests = [*checked(rulebook, templates)], 0
    for source in rulebook.sources:
        read, wrong = read_tests(source, rulebook)
        problems, tests = [*problems, *wrong], tests + len(read)
    spent = {"seconds": time.perf_counter() - begin, "cpu": cpu() - used}
    assert not problems, "\n".join(map(str, problems))
    return {"packs": len(rulebook.sources), "rules": len(rulebook.rules), "tests": tests, **spent}


def preview_school(store: str, changed: str) -> dict[str, float]:
    """The first school by the changed file, in a process that has looked at another one before."""
    service = service_on(Path(store))
    library, _ = with_changed(service.library, [Path(changed)])
    with service.store.reading() as unit:
        schools = unit.school_ids()
    preview(service.run_school, library, schools[-1], AT)
    spent = []
    for _ in range(TRIES):
        begin, used = time.perf_counter(), cpu()
        found = preview(service.run_school, library, schools[0], AT)
        said = {"pupils": found.pupils, "differences": len(found.differences)}
        spent.append({"seconds": time.perf_counter() - begin, "cpu": cpu() - used, **said})
    service.close()
    return sorted(spent, key=lambda one: one["seconds"])[TRIES // 2]
