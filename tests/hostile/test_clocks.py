"""Hours that come twice or never, midnight, leap days and the turns of the year."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write


def _school(bell: Firstbell, sessions: dict[str, str], terms: str = "", born: str = "2013-05-01") -> None:
    """One pupil and these sessions (`2025-10-26 AM`: its code); no terms unless they are told."""
    days = sorted({session[:10] for session in sessions})
    held = {day: [int(f"{day} {half}" in sessions) for half in ("AM", "PM")] for day in days}
    files = small_school(1)
    files["calendar"] = "school_id,date,am,pm\n" + "".join(
        f"S,{d},{am},{pm}\n" for d, (am, pm) in held.items()
    )
    files["terms"] = "school_id,year,term,half_term,starts,ends\n" + terms
    files["pupils"] = files["pupils"].replace("2024-09-01", "2020-09-01").replace("2013-05-01", born)
    files["pupils"] = "".join(line for line in files["pupils"].splitlines(keepends=True) if "P2" not in line)
    files["contacts"] = "".join(
        line for line in files["contacts"].splitlines(keepends=True) if "P2" not in line
    )
    files["marks"] = "upn,date,session,code\n" + "".join(
        f"P1,{when[:10]},{when[11:]},{code}\n" for when, code in sessions.items()
    )
    done = bell("import", str(write(Path("in"), files)), "--json")
    assert (done.code, done.document["refused"]) == (0, 0)


def _result(bell: Firstbell, rule: str, as_of: str) -> str:
    (line,) = bell("explain", "P1", "--rule", rule, "--as-of", as_of, "--json").document
    return str(line["result"])


@pytest.mark.parametrize(
    ("day", "too_early", "closed"),
    [
        ("2025-10-25", ["09:09", "2025-10-25T08:09:59+00:00"], ["09:10", "2025-10-25T08:10:00Z"]),
        ("2025-10-26", ["09:09", "2025-10-26T09:09:59Z", "2025-10-26T10:09+01:00"], ["2025-10-26T09:10Z"]),
        ("2026-03-28", ["09:09", "2026-03-28T09:09:59Z"], ["09:10", "2026-03-28T09:10+00:00"]),
        ("2026-03-29", ["09:09", "2026-03-29T08:09:59Z"], ["09:10", "2026-03-29T10:10+02:00"]),
    ],
)  # fmt: skip
def test_a_register_closes_by_the_clock_on_the_wall(
    bell: Firstbell, day: str, too_early: list[str], closed: list[str]
) -> None:
    """A session on the very day the clocks change closes at 09:10 as that day's clock shows it."""
    _school(bell, {f"{day} AM": "N"})
    for results, moments in (("not_matched", too_early), ("matched", closed)):
        for moment in moments:
            as_of = moment if len(moment) > len("09:10") else f"{day}T{moment}"
            assert (as_of, _result(bell, "absent-without-reason", as_of)) == (as_of, results)


@pytest.mark.parametrize(
    ("as_of", "instant"),
    [
        ("2025-10-26T01:30", "2025-10-26T00:30:00+00:00"),  # the first of two
        ("2025-10-26T01:30+01:00", "2025-10-26T00:30:00+00:00"),
        ("2025-10-26T01:30+00:00", "2025-10-26T01:30:00+00:00"),
        ("2026-03-29T01:30", "2026-03-29T01:30:00+00:00"),  # there is none: half an hour after 01:00
        ("2026-03-29T01:30+00:00", "2026-03-29T01:30:00+00:00"),
        ("2025-11-21", "2025-11-21T23:59:00+00:00"),
        ("20251121", "2025-11-21T23:59:00+00:00"),
        ("2025-W47-5", "2025-11-21T23:59:00+00:00"),
        ("2024-02-29", "2024-02-29T23:59:00+00:00"),
        ("2026-01-01T00:00", "2026-01-01T00:00:00+00:00"),
        ("9999-12-31", "9999-12-31T23:59:00+00:00"),
    ],
)
def test_every_instant_that_can_be_written_means_one_instant(
    bell: Firstbell, as_of: str, instant: str
) -> None:
    """The doubled hour, the hour that is not, dates alone in all spellings: each is judged."""
    _school(bell, {"2025-10-24 AM": "N"})
    done = bell("run", "--as-of", as_of, "--json")
    assert (done.code, done.document["as_of"]) == (0, instant)
    assert bell("explain", "--as-of", as_of).code == bell("tasks", "--as-of", as_of).code == 0


def test_at_midnight_the_day_is_over_and_its_work_is_not(bell: Firstbell) -> None:
    """At 23:59 Friday is today; at 00:00 it is not: the call that waited is made, and nothing comes twice."""
    _school(bell, {"2025-11-21 AM": "N", "2025-11-21 PM": "N", "2025-11-24 AM": "/"})
    assert _result(bell, "absent-without-reason", "2025-11-21T23:59") == "matched"
    assert _result(bell, "absent-without-reason", "2025-11-22T00:00") == "not_matched"
    made = [
        [
            task["rule"]
            for task in bell("run", "--as-of", as_of, "--json").document["tasks"]
            if not task["rule"].startswith("duty/")
        ]
        for as_of in ("2025-11-21T23:59", "2025-11-22T00:00", "2025-11-23T23:59", "2025-11-24T00:00")
    ]
    assert made == [["absent-without-reason"], ["absence-day-1"], [], []]
    tasks = bell("tasks", "--as-of", "2025-11-24T00:00", "--json").document
    assert {task["rule"] for task in tasks} >= {"absent-without-reason", "absence-day-1"}


def test_a_run_of_absence_goes_over_new_year(bell: Firstbell) -> None:
    """The last day of term and the first of the next are two days in a row, in two years of the calendar."""
    _school(bell, {"2025-12-19 AM": "O", "2025-12-19 PM": "O", "2026-01-05 AM": "O", "2026-01-05 PM": "O"})
    assert _result(bell, "absence-day-1", "2025-12-31T23:59") == "matched"
    assert _result(bell, "absence-day-1", "2026-01-01T00:00") == "matched"
    assert _result(bell, "absence-day-2", "2026-01-05T16:00") == "matched"


def test_a_leap_day_is_a_school_day_and_a_birthday(bell: Firstbell) -> None:
    """29 February 2024 holds a session; born on 29 February 2008, a pupil is of age in years without one."""
    _school(bell, {"2024-02-29 AM": "O", "2024-02-29 PM": "O", "2024-03-01 AM": "O"}, born="2008-02-29")
    assert _result(bell, "absence-day-2", "2024-03-01T09:10") == "matched"
    assert _result(bell, "penalty-notice-threshold", "2024-03-01T16:00") == "not_applicable"
    (line,) = bell(
        "explain", "P1", "--rule", "absence-day-2", "--as-of", "2024-03-01T16:00", "--json"
    ).document
    assert line["evidence"][0]["sessions"][0] == {"date": "2024-02-29", "session": "AM", "code": "O"}


@pytest.mark.parametrize(
    ("terms", "as_of", "possible"),
    [
        ("", "2026-07-31T23:59", 3),
        ("", "2026-08-01T00:00", 0),
        ("", "2026-09-01T16:00", 1),
        (
            "S,2025/26,autumn,1,2025-08-26,2026-07-10\nS,2026/27,autumn,1,2026-08-25,2026-10-23\n",
            "2026-07-31",
            3,
        ),
        (
            "S,2025/26,autumn,1,2025-08-26,2026-07-10\nS,2026/27,autumn,1,2026-08-25,2026-10-23\n",
            "2026-08-01",
            0,
        ),
        ("S,2025/26,autumn,1,2025-08-26,2026-08-07\n", "2026-08-07", 3),
        ("S,2025/26,autumn,1,2025-08-26,2026-08-07\n", "2026-08-08", 0),
    ],
)
def test_the_school_year_turns_where_the_terms_say_else_on_the_first_of_august(
    bell: Firstbell, terms: str, as_of: str, possible: int
) -> None:
    """Year to date on both sides of 31 July, without terms, with them, and with a term that runs over it."""
    _school(
        bell, dict.fromkeys(["2025-09-01 AM", "2026-03-02 AM", "2026-07-09 AM", "2026-09-01 AM"], "/"), terms
    )
    (line,) = bell("explain", "P1", "--rule", "persistent-absence", "--as-of", as_of, "--json").document
    assert line["evidence"][0]["numerator"] == possible


def test_believed_since_the_end_of_time_is_no_trap(bell: Firstbell) -> None:
    """An import recorded in the year 9999 by a slip: the next import still works, and says nothing wrong."""
    files = write(Path("in"), small_school(2))
    assert bell("import", str(files), "--recorded-at", "9999-12-31").code == 0
    again = bell("import", str(files), "--json")
    assert (again.code, again.document["refused"]) == (0, 0)
