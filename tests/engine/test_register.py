"""The register at its edges: leavers, readmission, odd grids, empty schools."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from engine import codes
from engine.instants import Instants, read_instant
from engine.match import Judge
from engine.reasons import Result
from engine.records import MarkGrid, Pupil, School, SchoolDay
from engine.sample import facts, grid, school, tokens
from engine.snapshot import Snapshot
from engine.windows import Bounds
from tests.engine import shipped

MONDAY = date(2025, 9, 8)
DAYS = [SchoolDay("S", MONDAY + timedelta(days=number), am=True, pm=True) for number in range(5)]
SCHOOL = School("S", "School", "secondary")


def pupil(upn: str, first: date, last: date | None = None, form: str = "8A") -> Pupil:
    """A spell on roll."""
    return Pupil(upn, "S", "A", "B", "8", first, last, form=form)


def built(pupils: list[Pupil], marks: MarkGrid, days: list[SchoolDay] | None = None) -> Snapshot:
    """The snapshot of a week."""
    return Snapshot.build(facts(SCHOOL, DAYS if days is None else days, [], pupils, marks))


def all_ill(*upns: str) -> MarkGrid:
    """Everybody ill in every session of the week."""
    return grid({upn: {(day.date, half): "I" for day in DAYS for half in (0, 1)} for upn in upns})


@pytest.mark.parametrize(
    ("spells", "on_roll"),
    [
        ([(MONDAY, None)], "11111"),
        ([(date(2024, 9, 1), date(2025, 9, 10))], "11100"),  # the last day is inside
        ([(date(2025, 9, 10), None)], "00111"),  # and the first
        ([(date(2024, 9, 1), MONDAY), (date(2025, 9, 11), None)], "10011"),  # left and came back
        ([(date(2025, 9, 11), None), (date(2024, 9, 1), MONDAY)], "10011"),  # in whatever order
        ([(date(2025, 9, 15), None)], "00000"),  # not here yet
        ([(date(2025, 9, 10), date(2025, 9, 9))], "00000"),  # admitted in error
    ],
)
def test_marks_count_only_while_on_roll(spells: list[tuple[date, date | None]], on_roll: str) -> None:
    """A mark outside every spell is not in the register, whatever the grid says."""
    snapshot = built([pupil("P", *spell) for spell in spells], all_ill("P"))
    inside = snapshot.register.marks[0] != codes.OUTSIDE
    assert "".join("1" if day else "0" for day in inside[::2]) == on_roll
    noon = Instants.of([read_instant(f"{day.date}T12:00") for day in DAYS])
    assert "".join("1" if day else "0" for day in snapshot.on_roll(noon)[0]) == on_roll


def test_the_latest_spell_says_who_the_pupil_is() -> None:
    """After readmission into another form the pupil belongs to the new one."""
    spells = [pupil("P", date(2025, 9, 11), None, "8B"), pupil("P", date(2024, 9, 1), MONDAY, "8A")]
    assert built(spells, all_ill("P")).classes == ("8B",)


def test_a_grid_may_lack_pupils_weeks_and_sessions() -> None:
    """Pupils without a line, weeks without a mark and marks on no session leave blanks, not errors."""
    later = MONDAY + timedelta(weeks=2)
    days = [*DAYS, SchoolDay("S", later, am=True, pm=False)]
    marks = grid({"P2": {(MONDAY, 0): "N", (MONDAY + timedelta(days=5), 0): "I"}, "gone": {(MONDAY, 0): "O"}})
    snapshot = built([pupil("P1", MONDAY), pupil("P2", MONDAY)], marks, days)
    assert snapshot.register.upns == ("P1", "P2")
    assert [codes.code_of(int(mark)) for mark in snapshot.register.marks[1]] == ["N", *[""] * 10]
    assert not snapshot.register.marks[0].any()


@pytest.mark.parametrize(
    "snapshot",
    [
        built([], grid({}), []),
        built([], grid({})),
        built([pupil("P", MONDAY)], grid({}), []),
        built([pupil("P", MONDAY)], grid({})),
    ],
    ids=["nothing", "no pupils", "no sessions", "no marks"],
)
def test_every_rule_can_be_asked_of_a_school_with_next_to_nothing(snapshot: Snapshot) -> None:
    """A school on its first day is judged without an error, and nobody is matched but for registers."""
    judge = Judge(snapshot, Instants.of([read_instant("2025-09-08T16:00"), read_instant("2025-09-13")]))
    for rule in shipped.rulebook().rules:
        results = judge.judge(rule).results
        assert results.shape == (judge.snapshot.subjects(rule.subject), 2)
        assert rule.subject == "class" or not (results == 2).any()


def test_a_text_that_is_no_code_is_named_with_its_day() -> None:
    """What should have gone to quarantine is refused, never taken for a mark."""
    with pytest.raises(ValueError, match="'!' is no attendance code on 2025-09-08"):
        school("!/")
    with pytest.raises(ValueError, match="'J1' is no attendance code on 2024-06-03"):
        school("J1,/", first=date(2024, 6, 3))


@pytest.mark.parametrize("text", ["I", "III", "C2,C2,C2", "C22,I", ",I", "-"])
def test_a_day_of_marks_is_two_codes(text: str) -> None:
    """A slip in compact notation is refused: a code cut short would be another code."""
    with pytest.raises(ValueError, match="is not a day of marks; write two codes"):
        tokens(text)


def test_a_pupil_is_found_by_upn_or_not_at_all() -> None:
    """The row of a stranger is an error, not the last row."""
    assert school("//", "II").row("P2") == 1
    with pytest.raises(KeyError, match="P3"):
        school("//", "II").row("P3")


def test_a_pupil_who_left_is_not_applicable_from_the_next_day() -> None:
    """On the last day rules still speak, the day after they do not."""
    snapshot = built([pupil("P", date(2024, 9, 1), date(2025, 9, 9))], all_ill("P"))
    moments = [read_instant("2025-09-09"), read_instant("2025-09-10T00:00")]
    judgement = Judge(snapshot, Instants.of(moments)).judge(shipped.rulebook().rule("absence-day-2"))
    assert [judgement.result(0, number) for number in (0, 1)] == [Result.MATCHED, Result.NOT_APPLICABLE]


def test_the_register_keeps_its_sums() -> None:
    """A sum taken under a name is taken once, however many rules ask for it."""
    register, ill = school("I/ //").register, codes.members(frozenset("I"))
    assert register.running("ill", ill) is register.running("ill", np.zeros_like(ill))
    today = Bounds(np.array([0]), np.array([2]))
    assert register.count("ill", ill, today) is register.count("ill", np.zeros_like(ill), today)


@pytest.mark.parametrize("codes_", ["I", "/", "/\\", "C1"])
@pytest.mark.parametrize("only", ["all", "sessions", "pupils"])
def test_a_count_of_one_instant_is_the_count_of_many(codes_: str, only: str) -> None:
    """Odd marks looked at for one instant, or sums for many: the same number, whatever counts at all."""
    register = school("I/ // C1,/ /I", "// II -/").register
    days = np.arange(register.marks.shape[1]) % 3 > 0
    held = {"all": None, "sessions": days, "pupils": np.stack([days, ~days])}[only]
    flags = codes.members(frozenset({codes_} if codes_ == "C1" else codes_))
    lo, hi = np.array([0, 1, 3]), np.array([8, 6, 3])
    many = register.count(f"{codes_} {only}", flags, Bounds(lo, hi), held)
    one = [register.count("one", flags, Bounds(lo[[at]], hi[[at]]), held) for at in range(lo.size)]
    assert np.hstack(one).tolist() == many.tolist()
