"""A store for each story, copied from one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.store import open_store, upgrade
from tests.workflows.story import Story


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it."""
    path = tmp_path_factory.mktemp("fresh") / "store.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture
def story(tmp_path: Path, fresh: Path) -> Iterator[Story]:
    """A story that has not begun."""
    path = tmp_path / "store.db"
    shutil.copy(fresh, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes") as store:
        yield Story(store)
