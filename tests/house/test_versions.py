"""One version, said once more in the changelog; one exact pin for everything that is installed."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name


@pytest.fixture(scope="module")
def project(top: Path) -> dict[str, Any]:
    """The project table of pyproject.toml."""
    table: dict[str, Any] = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return table


@pytest.fixture(scope="module")
def pins(top: Path) -> dict[str, str]:
    """Version by canonical name, of every line of constraints.txt that is not a comment."""
    lines = (top / "constraints.txt").read_text(encoding="utf-8").splitlines()
    stated = [line for line in lines if line and not line.startswith("#")]
    loose = [line for line in stated if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)]
    assert loose == [], "a pin is name==version and nothing else: no host, no path, no marker"
    named = [line.split("==") for line in stated]
    assert len({canonicalize_name(name) for name, _ in named}) == len(named), "a package is pinned twice"
    return {canonicalize_name(name): version for name, version in named}


def test_the_changelog_begins_with_this_version(top: Path, project: dict[str, Any]) -> None:
    """The newest numbered entry is the version that is built, with its date."""
    entries = re.findall(
        r"^## \[(\d[^\]]*)\] - (\d{4}-\d\d-\d\d)$",
        (top / "CHANGELOG.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    assert entries
    assert entries[0][0] == project["version"]


def test_every_dependency_is_pinned_within_its_bounds(project: dict[str, Any], pins: dict[str, str]) -> None:
    """What pyproject.toml asks for, constraints.txt answers exactly."""
    extras = project["optional-dependencies"].values()
    asked = [Requirement(line) for lines in (project["dependencies"], *extras) for line in lines]
    unmet = [
        str(each)
        for each in asked
        if canonicalize_name(each.name) not in pins
        or not each.specifier.contains(pins[canonicalize_name(each.name)], prereleases=True)
    ]
    assert unmet == []
