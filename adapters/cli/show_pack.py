"""The week's pack as a screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from adapters.cli.screen import screen
from engine.bands import BANDS
from engine.cohorts import Cell
from engine.instants import local
from workflows.week_pack import InBand, WeekPack

_WIDE = 40
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_MOST = 10
_SHOWN = 1  # decimals on the screen: what stands side by side there is told to the same one
_HIDDEN = "too few to tell"


def show_packs(packs: Sequence[WeekPack]) -> None:
    """The bands of each school with a bar, who moved between them, and the groups side by side."""
    console = screen()
    for pack in packs:
        at = f"{local(pack.at):%a} {local(pack.at).day} {local(pack.at):%b %Y, %H:%M}"
        console.print(Text(f"\n{pack.school}, absence in the school year to {at}", style="bold"))
        console.print(_bands(pack))
        console.print(_counted(pack))
        _show_moved(console, "Moved to a higher band of absence in a week", pack.risen)
        _show_moved(console, "Moved to a lower band of absence in a week", pack.fallen)
        console.print(_cohorts(pack))
        console.print(f"Groups of fewer than {pack.fewest} are left out, and what would give them away.")


def pack_document(pack: WeekPack) -> dict[str, object]:
    """The pack for other programs."""
    return {
        "as_of": local(pack.at).isoformat(),
        "known_at": local(pack.known_at).isoformat(),
        "pupils": len(pack.pupils),
        "too_few_sessions": pack.too_few,
        "doubtful": pack.doubtful,
        "bands": [
            {
                "band": name,
                "pupils": pack.in_band[number],
                "week_ago": pack.in_band_week_ago[number],
                "listed": [_pupil(each) for each in pack.pupils if each.band == number],
            }
            for number, name in enumerate(BANDS)
        ],
        "risen": [_pupil(each) for each in pack.risen],
        "fallen": [_pupil(each) for each in pack.fallen],
        "fewest": pack.fewest,
        "cohorts": [
            {"cohort": "", "title": "", "groups": [_group(pack.everybody)]},
            *(
                {"cohort": cohort.name, "title": cohort.title, "groups": [_group(cell) for cell in cells]}
                for cohort, cells in pack.cohorts
            ),
        ],
    }


def bar(number: int, most: int, wide: int = _WIDE) -> str:
    """A bar as long as a number is beside the most there is, to an eighth of a letter."""
    eighths = round(number * wide * 8 / most) if most else 0
    return _EIGHTHS[8] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _bands(pack: WeekPack) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("absence", "pupils", "a week ago", "went", "came", ""):
        table.add_column(name, justify="left" if name in {"absence", ""} else "right", no_wrap=True)
    most = max(pack.in_band)
    for number, name in enumerate(BANDS):
        here = [each for each in pack.pupils if each.band == number]
        stayed = sum(each.week_ago == number for each in here)
        table.add_row(
            name,
            _number(pack.in_band[number]),
            _number(pack.in_band_week_ago[number]),
            _number(pack.in_band_week_ago[number] - stayed),
            _number(len(here) - stayed),
            Text(bar(pack.in_band[number], most), style="cyan"),
        )
    table.add_row("all", _number(len(pack.pupils)), _number(sum(pack.in_band_week_ago)), style="bold")
    return table


def _counted(pack: WeekPack) -> str:
    said = [f"{len(pack.pupils):,} pupils with 20 possible sessions or more"]
    if pack.too_few:
        said.append(f"{pack.too_few:,} with fewer are in no band")
    if pack.doubtful:
        said.append(f"of {pack.doubtful:,} a mark that was not taken could change the band")
    return "; ".join(said)


def _show_moved(console: Console, title: str, moved: Sequence[InBand]) -> None:
    if not moved:
        return
    table = Table(title, "form", "from", "to", "sessions missed", box=box.SIMPLE_HEAD, pad_edge=False)
    for each in moved[:_MOST]:
        table.add_row(
            Text(each.name),
            Text(each.form),
            BANDS[each.week_ago or 0],
            BANDS[each.band],
            f"{each.absent} of {each.possible}",
        )
    console.print(table)
    if len(moved) > _MOST:
        console.print(f"and {len(moved) - _MOST:,} more: --json has them all")


def _cohorts(pack: WeekPack) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("group", "pupils", "absence this week, %", "the week before", "change", "school year"):
        table.add_column(name, justify="left" if name == "group" else "right")
    table.add_row(*_cells(pack.everybody), style="bold")
    for cohort, cells in pack.cohorts:
        table.add_row(Text(cohort.title, style="italic"))
        for cell in cells:
            table.add_row(*_cells(cell, "  "))
    return table


def _cells(cell: Cell, indent: str = "") -> list[Text]:
    name = Text(indent + cell.name)
    if cell.hidden:
        return [name, Text(_HIDDEN, style="dim")]
    now, before, year = (percent(each, _SHOWN) for each in cell.sessions)
    moved = change(cell, _SHOWN)
    style = "" if not moved else "red" if moved > 0 else "green"
    told = [Text("·" if each is None else f"{each:.1f}") for each in (now, before, year)]
    shown = Text("·" if moved is None else f"{moved:+.1f}", style=style)
    return [name, Text(f"{cell.pupils:,}"), told[0], told[1], shown, told[2]]


def percent(sessions: tuple[int, int], decimals: int = 2) -> float | None:
    """Absent of possible sessions in percent, rounded; None where none was possible."""
    absent, possible = sessions
    return round(absent * 100 / possible, decimals) if possible else None


def change(cell: Cell, decimals: int = 2) -> float | None:
    """Percentage points of absence more than the week before, as both are told; None where one is nothing."""
    now, before = (percent(each, decimals) for each in cell.sessions[:2])
    return None if now is None or before is None else round(now - before, decimals)


def _pupil(each: InBand) -> dict[str, object]:
    return {
        "upn": each.upn,
        "name": each.name,
        "form": each.form,
        "band": BANDS[each.band],
        "week_ago": None if each.week_ago is None else BANDS[each.week_ago],
        "absent": each.absent,
        "possible": each.possible,
        "doubtful": each.doubtful,
    }


def _group(cell: Cell) -> dict[str, object]:
    """A group; of one left out nothing but its name."""
    shown = not cell.hidden
    sessions = cell.sessions if shown else ((0, 0),) * 3
    told = {
        name: {"absent": absent, "possible": possible, "percent": percent((absent, possible))}
        if shown
        else None
        for name, (absent, possible) in zip(("week", "week_before", "school_year"), sessions, strict=True)
    }
    return {
        "group": cell.name,
        "left_out": cell.hidden,
        "pupils": cell.pupils if shown else None,
        **told,
        "change": change(cell) if shown else None,
    }


def _number(count: int) -> str:
    return f"{count:,}" if count else "·"
