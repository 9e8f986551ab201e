"""The command line and the stories of other folders, here with a store that is ready at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell, firstbell
from tests.workflows.conftest import fresh, story

__all__ = ["bell", "firstbell", "fresh", "story"]


TRUST = Path(__file__).parents[2] / "rules" / "trust"


@pytest.fixture(autouse=True)
def _pupils_only(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The shipped rules without the duties: what is done to facts here shows in the tasks about pupils."""
    folder = tmp_path_factory.mktemp("trust")
    for pack in TRUST.glob("*.yaml"):
        if pack.stem != "duties":
            shutil.copy(pack, folder)
    monkeypatch.setenv("FIRSTBELL_RULES_TRUST", str(folder))


@pytest.fixture
def bell(firstbell: Firstbell, fresh: Path, tmp_path: Path) -> Firstbell:
    """Runs `firstbell WORDS...` in a folder of its own, on a store with nothing in it."""
    shutil.copy(fresh, tmp_path / "school.db")
    return firstbell
