"""A threshold changed by a point in the demo's school: preview and the next run tell one story."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.cli.app import app
from adapters.store import open_store
from engine.codes import table_hash
from engine.instants import read_instant
from tests.workflows.story import changed, inference, templates, with_duties
from tests.workflows.two_runs import Side, check_story
from workflows.preview import Kind, preview
from workflows.run_school import Asked, RunSchool
from workflows.settings import Settings

AT = read_instant("2025-11-14T18:30")


def test_one_point_on_the_demo_is_one_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Friday evening: absence is a pattern at 4 percent, and persistent at 9; by name, and then done."""
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["demo", "--schools", "1", "--pupils", "300"], catch_exceptions=False)
    assert done.exit_code == 0
    rules = with_duties()
    tighter = changed(rules, "absence-bands.yaml", "values: {always: 5}", "values: {always: 4}")
    tighter = changed(tighter, "absence-bands.yaml", "values: {always: 10}", "values: {always: 9}")
    with ExitStack() as stores:
        sides: list[Side] = []
        for name, library in (("old", rules), ("new", tighter), ("seen", rules)):
            shutil.copy(tmp_path / ".demo" / "firstbell.db", tmp_path / f"{name}.db")
            store = stores.enter_context(
                open_store(f"sqlite:///{tmp_path}/{name}.db", codes_hash=table_hash())
            )
            with store.reading() as unit:
                (school_id,) = unit.school_ids()
            school = RunSchool(store, library, inference(), templates(), Settings(), lambda: AT)
            if name == "seen":
                found = preview(school, tighter, school_id, AT)
                check_story(found, *sides)
                assert {Kind.NEW, Kind.MOVED} <= {each.kind for each in found.differences}
                moved = [each for each in found.differences if each.kind is Kind.MOVED]
                assert {each.rule for each in moved} == {"persistent-absence"}
            else:
                run = school.run(school_id, Asked(AT, None, f"r-{name}", in_full=True))
                sides.append(Side(store, library.for_school(school_id), run))
