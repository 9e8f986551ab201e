"""Who has how much to do: people below their school, where there are several."""

from __future__ import annotations

from datetime import date

import pytest

from adapters.cli.show_load import show_load
from workflows.workload import Load

DAY = (date(2025, 11, 14),)


def test_the_people_of_several_schools_stand_below_their_own(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the names of the schools, the second school's first would seem out of order; one needs none."""
    loads = [Load(each, f"{each} School", "ao", "Asha Officer", 1, 0, DAY, (10,)) for each in "ST"]
    show_load(loads)
    said = [line.split()[:2] for line in capsys.readouterr().out.splitlines() if line.strip()]
    assert [words for words in said if words[1:] in (["School"], ["Officer"])] == [
        ["S", "School"],
        ["Asha", "Officer"],
        ["T", "School"],
        ["Asha", "Officer"],
    ]
    show_load(loads[:1])
    assert "S School" not in capsys.readouterr().out
