"""The week's pack as people and programs read it: bars, movers, and nothing of what is left out."""

from __future__ import annotations

import json

import pytest

from adapters.cli.show_pack import bar, pack_document, show_packs
from engine.cohorts import Cell
from engine.instants import read_instant
from engine.rulebook.cohorts import Cohort
from engine.rulebook.model import Place
from workflows.week_pack import InBand, WeekPack

AT = read_instant("2025-11-14T16:00")
MEALS = Cohort("meals", "Free school meals", "fsm", Place("c.yaml", 1, 1))
SEEN = ((3, 40), (2, 40), (12, 200))


def _pack(*pupils: InBand, cells: tuple[Cell, ...] = (), doubtful: int = 0) -> WeekPack:
    return WeekPack(
        school_id="S",
        school="[b]Sample",
        at=AT,
        known_at=AT,
        pupils=pupils,
        in_band=tuple(sum(each.band == number for each in pupils) for number in range(11)),
        in_band_week_ago=tuple(sum(each.week_ago == number for each in pupils) for number in range(11)),
        too_few=doubtful,
        doubtful=doubtful,
        fewest=6,
        everybody=Cell("all pupils", hidden=False, pupils=4, sessions=SEEN),
        cohorts=((MEALS, cells),),
    )


def _pupil(number: int, band: int, week_ago: int | None) -> InBand:
    return InBand(f"P{number}", f"Kit [red]{number}", "8A", band, week_ago, 4, 40, doubtful=False)


def test_a_bar_is_as_long_as_its_number() -> None:
    """The most fills the width, half of it half; an eighth of a letter is the least step."""
    assert (bar(4, 4, 8), bar(2, 4, 8), bar(1, 64, 8), bar(0, 4, 8), bar(0, 0, 8)) == (
        "████████",
        "████",
        "▏",
        "",
        "",
    )


def test_the_screen_says_who_moved_and_how_many_more(capsys: pytest.CaptureFixture[str]) -> None:
    """Ten of those who moved up are named and the rest counted; names keep their brackets."""
    moved = [_pupil(number, 3, 1) for number in range(12)]
    show_packs([_pack(*moved, _pupil(20, 0, 2), _pupil(21, 5, None), doubtful=2)])
    told = " ".join(capsys.readouterr().out.split())
    assert "[b]Sample, absence in the school year to Fri 14 Nov 2025, 16:00" in told
    assert "Kit [red]0 8A 5 to under 10 % 15 to under 20 % 4 of 40" in told
    assert "and 2 more" in told
    assert "Moved to a lower band of absence in a week form from to sessions missed" in told
    assert "15 to under 20 % 12 · · 12" in told, "12 now, none a week ago: none went, 12 came"
    assert "2 with fewer are in no band; of 2 a mark that was not taken could change the band" in told
    assert "all pupils 4 7.5 5.0 +2.5 6.0" in told


def test_the_change_is_the_difference_of_the_figures_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    """5.249 and 4.951 percent are 5.2 and 5.0: the change is 0.2, though it would be 0.3 by itself."""
    cell = Cell("year 7", hidden=False, pupils=50, sessions=((5249, 100_000), (4951, 100_000), (3, 40)))
    pack = _pack(cells=(cell,))
    show_packs([pack])
    assert "year 7 50 5.2 5.0 +0.2 7.5" in " ".join(capsys.readouterr().out.split())
    (_, (told,)) = (each["groups"] for each in pack_document(pack)["cohorts"])  # type: ignore[attr-defined]
    assert (told["week"]["percent"], told["week_before"]["percent"], told["change"]) == (5.25, 4.95, 0.3)


def test_nobody_moved_is_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Where all stand as a week ago, there is nothing to list."""
    show_packs([_pack(_pupil(1, 0, 0))])
    told = capsys.readouterr().out
    assert "Moved" not in told
    assert "no band" not in told


def test_what_is_left_out_is_nowhere_in_the_document(capsys: pytest.CaptureFixture[str]) -> None:
    """Not its pupils, not its sessions, not its rate; a group without sessions has no percentage."""
    secret = Cell("eligible", hidden=True, pupils=77, sessions=((77, 78), (77, 78), (77, 78)))
    empty = Cell("none", hidden=False, pupils=0, sessions=((0, 0), (0, 0), (0, 0)))
    pack = _pack(_pupil(1, 1, 0), cells=(secret, empty))
    document = pack_document(pack)
    show_packs([pack])
    assert "77" not in json.dumps(document) + capsys.readouterr().out
    total, (left_out, nobody) = (each["groups"] for each in document["cohorts"])  # type: ignore[attr-defined]
    assert (left_out["left_out"], left_out["pupils"], left_out["week"]) == (True, None, None)
    assert (nobody["pupils"], nobody["week"]["percent"], nobody["change"]) == (0, None, None)
    assert (total[0]["week"]["percent"], total[0]["change"]) == (7.5, 2.5)
    assert document["risen"] == [
        {
            "upn": "P1",
            "name": "Kit [red]1",
            "form": "8A",
            "band": "5 to under 10 %",
            "week_ago": "0 to under 5 %",
            "absent": 4,
            "possible": 40,
            "doubtful": False,
        }
    ]
