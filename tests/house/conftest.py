"""What the house rules look at: the files of the project, as git would take them in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def top() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def files(top: Path) -> list[Path]:
    """Every file that is tracked or would be: not ignored, not deleted."""
    git = shutil.which("git")
    if git is None or not (top / ".git").exists():
        pytest.skip(
            "this is no git checkout: what belongs to the project cannot be told from what lies in it"
        )
    ask = [git, "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(ask, cwd=top, check=True, capture_output=True, text=True).stdout
    return [top / name for name in sorted(set(listed.split("\0"))) if name and (top / name).is_file()]
