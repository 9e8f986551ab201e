"""The command line and the stories of other folders, here with a store that is ready at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell, firstbell
from tests.workflows.conftest import fresh, story

__all__ = ["bell", "firstbell", "fresh", "story"]


@pytest.fixture
def bell(firstbell: Firstbell, fresh: Path, tmp_path: Path) -> Firstbell:
    """Runs `firstbell WORDS...` in a folder of its own, on a store with nothing in it."""
    shutil.copy(fresh, tmp_path / "school.db")
    return firstbell
