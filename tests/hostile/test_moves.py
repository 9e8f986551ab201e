"""Pupils who move, leave, come back, are on two rolls or change their UPN."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.reasons import Reason
from engine.records import Mark
from engine.sample import weekdays
from tests.acceptance.conftest import Done, Firstbell
from tests.acceptance.small import write
from tests.workflows.story import Story, names, pupil
from workflows import outbox
from workflows.values import MessageState

OLD = weekdays(date(2025, 9, 1), 110)
NEW = weekdays(date(2026, 2, 2), 75)
LAST_OLD, LAST_NEW = OLD[-1], NEW[-1]


def _trust(folder: str, pupils: Sequence[str], marks: Sequence[str], **others: str) -> Path:
    """Two schools S and T of one trust with the same days, and what is told of pupils and marks."""
    calendar = [f"{school},{day},1,1" for school in "ST" for day in (*OLD, *NEW)]
    return write(
        Path(folder),
        {
            "schools": "school_id,name,phase,am_opens,am_closes,pm_opens,pm_closes\n"
            "S,Old,secondary,08:40,09:10,13:00,13:15\nT,New,secondary,08:40,09:10,13:00,13:15\n",
            "calendar": "\n".join(["school_id,date,am,pm", *calendar, ""]),
            "terms": "school_id,year,term,half_term,starts,ends\n"
            "S,2025/26,autumn,1,2025-09-01,2026-07-22\nT,2025/26,autumn,1,2025-09-01,2026-07-22\n",
            "staff": "staff_id,school_id,name,roles\nao,S,Asha,attendance_officer\n"
            "bo,T,Bea,attendance_officer\n",
            "pupils": "\n".join(
                [
                    "upn,school_id,first_name,last_name,date_of_birth,year_group,form,admitted_on,left_on",
                    *pupils,
                    "",
                ]
            ),
            "marks": "\n".join(["upn,date,session,code,school_id", *marks, ""]),
            **others,
        },
    )


def _register(
    upn: str, days: Sequence[date], absent: int = 0, school: str = "", told: Mapping[date, str] | None = None
) -> list[str]:
    """Marks of these days: the first `absent` sessions O, all others present but those `told`."""
    rows: list[str] = []
    for day in days:
        for half, present in (("AM", "/"), ("PM", "\\")):
            code = "O" if len(rows) < absent else (told or {}).get(day, present)
            rows.append(f"{upn},{day},{half},{code},{school}")
    return rows


def _counted(done: Done, rule: str) -> tuple[str, int, int | None]:
    """What a rule of the rate says: its result, absent and possible sessions."""
    (line,) = [line for line in done.document if line["rule"] == rule]
    rate: dict[str, Any] = next(
        (part for part in line["evidence"] if part["measure"] == "absence_rate"),
        {"numerator": 0, "denominator": None},
    )
    return line["result"], rate["numerator"], rate["denominator"]


def _explain(bell: Firstbell, upn: str, school: str, day: date, rule: str) -> tuple[str, int, int | None]:
    done = bell("explain", upn, "--school", school, "--rule", rule, "--as-of", f"{day}T16:00", "--json")
    return _counted(done, rule)


def test_a_pupil_who_moves_is_counted_by_each_school_for_its_own_time(bell: Firstbell) -> None:
    """Domain example 36: 12 of 220 is near-persistent at the old school, 30 of 150 persistent at the new."""
    folder = _trust(
        "in",
        [f"M1,S,Mo,Moved,2013-05-01,8,8A,2024-09-01,{LAST_OLD}", f"M1,T,Mo,Moved,2013-05-01,8,8T,{NEW[0]},"],
        [*_register("M1", OLD, 12), *_register("M1", NEW, 30)],
    )
    done = bell("import", str(folder), "--json")
    assert (done.code, done.document["refused"]) == (0, 0)
    assert _explain(bell, "M1", "S", LAST_OLD, "near-persistent-absence") == ("matched", 12, 220)
    assert _explain(bell, "M1", "S", LAST_OLD, "persistent-absence")[0] == "not_matched"
    assert _explain(bell, "M1", "T", LAST_NEW, "persistent-absence") == ("matched", 30, 150)
    assert _explain(bell, "M1", "S", NEW[0], "near-persistent-absence") == ("not_applicable", 0, None)
    assert _explain(bell, "M1", "T", LAST_OLD, "persistent-absence") == ("not_applicable", 0, None)
    run = bell("run", "--as-of", f"{LAST_NEW}T16:00", "--json").document
    assert {(line["school_id"], line["rule"]) for line in run["decisions"] if line["upn"] == "M1"} == {
        ("T", "persistent-absence")
    }


def test_a_hold_and_the_contacts_go_with_the_child(bell: Firstbell) -> None:
    """What keeps a text from leaving at the old school keeps it from leaving at the new one."""
    folder = _trust(
        "in",
        [f"M1,S,Mo,Moved,2013-05-01,8,8A,2024-09-01,{LAST_OLD}", f"M1,T,Mo,Moved,2013-05-01,8,8T,{NEW[0]},"],
        [*_register("M1", OLD), *_register("M1", NEW[:3], told={NEW[2]: "N"})],
        contacts="contact_id,upn,name,relationship,parental_responsibility,lives_with,priority,phone,"
        "restriction\nC1,M1,Ann,mother,1,1,1,07700 900001,\n"
        "C2,M1,Bob,father,1,0,2,07700 900002,court_order\n",
        history="upn,kind,on,note\nM1,hold,2025-12-01,bereavement\n",
    )
    assert bell("import", str(folder)).code == 0
    run = bell("run", "--as-of", f"{NEW[2]}T09:20", "--json").document
    (first,) = [line for line in run["decisions"] if line["rule"] == "absent-without-reason"]
    assert (first["school_id"], first["outcome"], "hold" in first["reasons"]) == ("T", "propose", True)
    (message,) = run["messages"]
    assert (message["contact_id"], message["state"]) == ("C1", "awaiting_approval")


def test_on_two_rolls_each_school_has_its_own_marks(bell: Firstbell) -> None:
    """The main school's marks with its id, D at the other: possible at one, not at the other."""
    days = OLD[:20]
    folder = _trust(
        "in",
        [f"D{n},{school},Di,Dual,2013-05-01,8,8A,2024-09-01," for n in (1, 2) for school in "ST"],
        [
            *_register("D1", days, 4, "S"),
            *_register("D1", days, 0, "T", dict.fromkeys(days, "D")),
            *_register("D2", days[:1], 0, ""),
        ],
    )
    done = bell("import", str(folder), "--json")
    assert (done.code, done.document["refused"]) == (0, 2)
    (report,) = Path("quarantine").glob("*.csv")
    assert "the pupil is on the rolls of S and T on 2025-09-01: give school_id" in report.read_text("utf-8")
    assert _explain(bell, "D1", "S", days[-1], "persistent-absence") == ("matched", 4, 40)
    assert _explain(bell, "D1", "T", days[-1], "persistent-absence") == ("not_matched", 0, 0)
    classes = bell("explain", "--school", "T", "--as-of", f"{days[-1]}T16:00", "--json").document
    (line,) = [line for line in classes if line["rule"] == "register-not-taken"]
    assert (line["result"], line["evidence"][0]["numerator"]) == ("matched", 40)  # D2's, told nowhere


def test_back_on_the_same_roll_counts_both_times_and_not_the_time_between(bell: Firstbell) -> None:
    """Ten days, forty away, ten days again: 40 possible sessions, and a mark in between is refused."""
    first, between, again = OLD[:10], OLD[10:50], OLD[50:60]
    folder = _trust(
        "in",
        [
            f"R1,S,Ro,Back,2013-05-01,8,8A,2024-09-01,{first[-1]}",
            f"R1,S,Ro,Back,2013-05-01,8,8B,{again[0]},",
        ],
        [*_register("R1", first, 4), *_register("R1", again), f"R1,{between[0]},AM,O,"],
    )
    done = bell("import", str(folder), "--json")
    assert (done.code, done.document["refused"]) == (0, 1)
    assert _explain(bell, "R1", "S", again[-1], "persistent-absence") == ("matched", 4, 40)
    assert _explain(bell, "R1", "S", between[3], "persistent-absence")[0] == "not_applicable"


def test_a_new_upn_is_a_new_pupil_and_the_old_one_rests(bell: Firstbell) -> None:
    """The temporary UPN leaves on the day before the permanent one is admitted: nobody is called twice."""
    days = OLD[:20]
    temporary, permanent = "A12345678901B", "P23456789012"
    folder = _trust(
        "in",
        [
            f"{temporary},S,Te,Temp,2013-05-01,8,8A,2024-09-01,{days[9]}",
            f"{permanent},S,Te,Temp,2013-05-01,8,8A,{days[10]},",
        ],
        [*_register(temporary, days[:10], 3), *_register(permanent, days[10:], told={days[-1]: "N"})],
    )
    assert bell("import", str(folder)).code == 0
    run = bell("run", "--as-of", f"{days[-1]}T16:00", "--json").document
    assert {task["upn"] for task in run["tasks"]} == {permanent}
    assert {line["upn"] for line in run["decisions"]} == {permanent}


def test_a_joiner_owes_nothing_for_the_time_before(bell: Firstbell) -> None:
    """Admitted on the eleventh day: ten days of no marks are not missing, and ten days are possible."""
    days = OLD[:20]
    folder = _trust("in", [f"J1,S,Jo,In,2013-05-01,8,8A,{days[10]},"], _register("J1", days[10:], 2))
    assert bell("import", str(folder)).code == 0
    assert _explain(bell, "J1", "S", days[-1], "persistent-absence") == ("matched", 2, 20)
    run = bell("run", "--as-of", f"{days[-1]}T16:00", "--json").document
    assert "register-not-taken" not in {line["rule"] for line in run["decisions"]}


@pytest.mark.parametrize(("left", "state"), [("2025-11-11", "withdrawn"), ("2025-11-14", "sent")])
def test_nothing_is_sent_about_a_child_who_has_left(story: Story, left: str, state: str) -> None:
    """A text approved on the 13th about the 10th goes while the child is on roll, and not after."""
    child = pupil("P1", left_on=None)
    story.opens(child).register("2025-11-10T15:30", P1="OO")
    story.learns("2025-11-10T15:40", Mark("P1", "S", date(2025, 11, 6), "AM", "O"))
    story.run("2025-11-10T16:00")
    (message,) = story.messages(MessageState.AWAITING_APPROVAL)
    assert message.rule == "near-persistent-absence"
    story.learns("2025-11-11T09:00", replace(child, left_on=date.fromisoformat(left)))
    outbox.approve(story.store, [message.message_id], "Asha", "", story.now)
    (sent,) = story.send("2025-11-13T10:00").messages
    assert sent.state.value == state
    if state == "withdrawn":
        assert sent.ended_because == Reason.LEFT.sentence
        assert story.post.took == []


def test_a_leaver_makes_no_new_work_and_old_work_stays(story: Story) -> None:
    """Time passing never withdraws: what was to be done before the child left is still on the list."""
    child = pupil("P1")
    story.opens(child).register("2025-11-10T09:15", P1="NN")
    story.run("2025-11-10T09:20")
    story.learns("2025-11-10T17:00", replace(child, left_on=date(2025, 11, 10)))
    later = story.run("2025-11-20T16:00")
    assert [task for task in later.schools[0].tasks if not task.rule.startswith("duty/")] == []
    assert names(story.tasks(), "absent") == ["absent-without-reason"]


def test_one_who_had_left_before_is_taken_off_the_list(story: Story) -> None:
    """The office learns today that the child left on Friday: Monday's N was nobody's, and goes."""
    child = pupil("P1")
    story.opens(child).register("2025-11-10T09:15", P1="N/")
    story.run("2025-11-10T09:20")
    story.learns("2025-11-10T10:00", replace(child, left_on=date(2025, 11, 7)))
    story.run("2025-11-10T10:05")
    assert names(story.tasks()) == []
    assert story.send("2025-11-10T10:10").messages == ()
