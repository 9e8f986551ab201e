"""Monday as it went undisturbed, lived once for all tests of a process."""

from __future__ import annotations

import pytest

from tests.durability.life import Act, live_once


@pytest.fixture(scope="session")
def monday(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Act]:
    """The acts of the two schools' Monday, by name."""
    return live_once(tmp_path_factory.mktemp("monday"))
