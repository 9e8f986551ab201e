"""A store made once by the real migrations, and a fresh copy of it for whoever asks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from adapters.store import SqlStore, open_store, upgrade


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty store."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def fresh(
    template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], AbstractContextManager[SqlStore]]:
    """Opens a new empty store each time it is called: for properties, which need one an example."""
    folder = tmp_path_factory.mktemp("fresh")

    @contextmanager
    def opened() -> Iterator[SqlStore]:
        path = folder / "firstbell.db"
        shutil.copy(template, path)
        with open_store(f"sqlite:///{path}", codes_hash="codes-1") as store:
            yield store
        path.unlink()

    return opened


@pytest.fixture
def store(template: Path, tmp_path: Path) -> Iterator[SqlStore]:
    """An empty store, closed afterwards."""
    path = tmp_path / "firstbell.db"
    shutil.copy(template, path)
    with open_store(f"sqlite:///{path}", codes_hash="codes-1") as opened:
        yield opened
