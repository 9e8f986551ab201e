"""Who is there: of two things said about a day the later holds, and nothing said is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

from tests.workflows.story import STAFF, pupil
from workflows.rota import Rota
from workflows.values import StaffOut

MON, TUE, WED, THU, FRI = (date(2025, 11, day) for day in range(10, 15))
SAID = datetime(2025, 11, 10, 7, 0, tzinfo=UTC)
OUT = StaffOut("S", "tutor", MON, WED, "ao", SAID)
BACK = replace(OUT, first=TUE, last=date.max, back=True)


def _at(day: date) -> datetime:
    return datetime.combine(day, time(8, 45), tzinfo=UTC)


def test_the_later_word_holds_day_by_day() -> None:
    """Out from Monday to Wednesday, back on Tuesday after all, out again on Thursday."""
    assert [Rota(STAFF, (OUT,)).out(day) for day in (MON, WED, THU)] == [{"tutor"}, {"tutor"}, set()]
    again = replace(OUT, first=THU, last=THU)
    rota = Rota(STAFF, (OUT, BACK, again))
    assert [len(rota.out(day)) for day in (MON, TUE, WED, THU, FRI)] == [1, 0, 0, 1, 0]
    assert [rota.is_out_from("tutor", day) for day in (MON, TUE, FRI)] == [True, True, False]
    assert not rota.is_out_from("ao", MON)


def test_out_on_every_day_up_to_one() -> None:
    """Somebody who is back in between is not out all the while."""
    rota = Rota(STAFF, (OUT, replace(OUT, staff_id="ao", last=MON)))
    assert rota.out(MON, MON) == {"tutor", "ao"}
    assert rota.out(MON, TUE) == {"tutor"}
    assert rota.out(MON, THU) == set()
    assert rota.out(TUE, MON) == {"tutor"}, "what is overdue is judged on the day itself"
    assert (rota.last_day_out("tutor", MON), rota.last_day_out("ao", MON)) == (WED, MON)


def test_who_is_back_in_time_keeps_the_work() -> None:
    """Out until Wednesday: what is due on Wednesday is covered, what is due on Thursday is theirs."""
    rota, child = Rota(STAFF, (OUT,)), pupil("P1")

    def whose(due: date, role: str = "form_tutor") -> tuple[str, str]:
        return rota.owner(role, child, _at(MON), _at(due), key_adult=True, reserved=False)

    assert whose(WED) == ("ao", "tutor")
    assert whose(THU) == ("tutor", "")
    assert whose(WED, role="head_of_year") == ("hoy", "")


def test_a_decision_that_waits_covers_for_nobody() -> None:
    """The only head teacher is out: it stays with them."""
    rota = Rota(STAFF, (replace(OUT, staff_id="head"),))
    waits = rota.owner("headteacher", None, _at(MON), _at(MON), key_adult=False, reserved=True)
    assert waits == ("head", "")
