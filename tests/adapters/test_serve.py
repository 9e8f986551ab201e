"""The service: a day lived by the clock, rules that break and mend, an alarm, and a window onto it."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from structlog.testing import capture_logs

from adapters.bootstrap import Service
from adapters.config import Config, read_config
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from adapters.serve.alarm import Alarm
from adapters.serve.serving import Serving
from adapters.serve.web import window
from adapters.store import StoreProblem
from engine.instants import read_instant
from engine.records import Mark, School
from tests.acceptance.small import small_school, write
from workflows.clockwork import Clockwork, Turn
from workflows.hour import hour
from workflows.settings import Settings
from workflows.staffing import Staffing
from workflows.take_in import take_in
from workflows.values import DueSlot, TaskState

TOP = Path(__file__).parents[2]
DAY = "2025-11-21"


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, at: str) -> None:
        self.at = read_instant(at)

    def __call__(self) -> datetime:
        """The time it shows."""
        return self.at

    def goes_to(self, at: str) -> None:
        """Put it somewhere."""
        self.at = read_instant(f"{DAY}T{at}")


@pytest.fixture
def clock() -> Clock:
    """Half past seven."""
    return Clock(f"{DAY}T07:30")


def settings(folder: Path) -> Config:
    """A store and a rule folder below this one."""
    environ = {"FIRSTBELL_STORE": "sqlite:///school.db", "FIRSTBELL_RULES_TRUST": str(folder / "rules")}
    return read_config(environ, folder)


def restarted(folder: Path, clock: Clock) -> Serving:
    """Another service on the same store and rules, which remembers nothing."""
    return Serving(settings(folder), clock)


@pytest.fixture
def serving(tmp_path: Path, clock: Clock) -> Iterator[Serving]:
    """A service over the small school, with a rule folder of its own for the trust."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "runs.yaml").write_text((TOP / "rules/trust/runs.yaml").read_text())
    (rules / "first-days.yaml").write_text((TOP / "rules/trust/first-days.yaml").read_text())
    config = settings(tmp_path)
    service = Service(config, clock=clock)
    service.ready()
    folder = write(tmp_path / "school", small_school())
    take_in(service.store, CsvFolder([folder]), clock(), QuarantineFolder(tmp_path), lambda *_: None)
    service.close()
    made = Serving(config, clock)
    yield made
    made.close()


def told(serving: Serving) -> list[str]:
    """One look, and what was logged: each event with its schedule or problem."""
    with capture_logs() as logs:
        serving.look()
    return [" ".join(filter(None, (log["event"], log.get("schedule"), log.get("school")))) for log in logs]


def figure(serving: Serving, name: str, **labels: str) -> float | None:
    """One figure as a monitor reads it."""
    return serving.figures.registry.get_sample_value(name, labels)


def test_a_morning_by_the_clock(serving: Serving, clock: Clock) -> None:
    """The bell, the golden hour, the register: each run once, told without a name, counted."""
    seen = []
    for minute in range(120):
        clock.at = read_instant(f"{DAY}T07:30") + timedelta(minutes=minute)
        seen += told(serving)
    assert seen == [
        "run_done before-the-bell",
        "run_done golden-hour",
        "run_done morning-register",
    ]
    assert figure(serving, "firstbell_runs_total", schedule="morning-register", came="done") == 1
    assert figure(serving, "firstbell_open_tasks", school="S") == 1
    assert figure(serving, "firstbell_list_not_ready", school="S") == 0


def test_a_golden_hour_by_the_clock(serving: Serving, clock: Clock, tmp_path: Path) -> None:
    """The tutor rings in sick, the officer covers; one child comes in, one call is missed; none at 14:00."""
    shutil.copy(TOP / "rules/trust/golden-hour.yaml", tmp_path / "rules")
    away = [Mark(upn, "S", date(2025, 11, 5), half, "I") for upn in ("P1", "P2") for half in ("AM", "PM")]
    blank = [Mark(upn, "S", clock().date(), half, "") for upn in ("P1", "P2") for half in ("AM", "PM")]
    with serving.store.transaction() as unit:
        unit.take("marks", "S", [*away, *blank], clock(), "told")

    def at(when: str, *states: TaskState) -> dict[str, str]:
        clock.goes_to(when)
        serving.look()
        with serving.store.reading() as unit:
            tasks = unit.tasks("S", states or (TaskState.OPEN,))
        return {task.subject: task.assignee for task in tasks if task.rule == "golden-hour-call"}

    assert at("08:10") == {"P1": "tutor", "P2": "tutor"}
    Staffing(serving.store, clock, Settings().school_day_ends).out(
        "tutor", "ao", (clock().date(), clock().date())
    )
    assert at("08:45") == {"P1": "ao", "P2": "ao"}
    assert [caller.covering for caller in hour(serving.store, clock())] == [("Tom Tutor",)]
    with serving.store.transaction() as unit:
        unit.take("marks", "S", [Mark("P1", "S", clock().date(), "AM", "/")], clock(), "told")
    assert at("09:10") == {}
    assert at("09:10", TaskState.WITHDRAWN) == {"P1": "ao"}
    assert at("14:00", TaskState.EXPIRED) == {"P2": "ao"}
    assert at("14:00") == {}


def test_a_list_that_is_late_sounds_the_alarm_once(serving: Serving, clock: Clock) -> None:
    """The service came up at ten to nine: too late for the list, said once, and in the ledger."""
    told(serving)
    clock.goes_to("08:50")
    assert "list_not_ready S" in told(serving)
    assert figure(serving, "firstbell_list_not_ready", school="S") == 1
    clock.goes_to("09:11")
    assert told(serving) == ["run_done morning-register"]
    with serving.store.reading() as unit:
        assert [line.kind for line in unit.ledger("S")].count("alarm") == 1


def test_rules_that_break_leave_the_last_good_ones_in_force(
    serving: Serving, clock: Clock, tmp_path: Path
) -> None:
    """A slip is said once and changes nothing; mended, the new rules count from the next look on."""
    clock.goes_to("08:11")
    told(serving)
    pack = tmp_path / "rules" / "runs.yaml"
    good = pack.read_text()
    pack.write_text(good.replace("when am closes", "when am clozes"))
    clock.goes_to("08:46")
    assert told(serving) == ["rules_broken", "run_done golden-hour"]
    assert figure(serving, "firstbell_rules_broken") == 1
    clock.goes_to("09:11")
    assert told(serving) == ["run_done morning-register"]
    pack.write_text(good.replace("09:30 to 12:00", "09:12 to 12:00"))
    clock.goes_to("09:13")
    assert told(serving) == ["run_done through-the-morning"]
    assert figure(serving, "firstbell_rules_broken") == 0


def test_a_restart_with_broken_rules_goes_by_those_of_the_last_good_run(
    serving: Serving, clock: Clock, tmp_path: Path
) -> None:
    """Each school by its own; said at the start and on the window; mended, the files count again."""
    clock.goes_to("08:11")
    told(serving)
    pack = tmp_path / "rules" / "runs.yaml"
    good = pack.read_text()
    pack.write_text(good.replace("when am closes", "when am clozes"))
    again = restarted(tmp_path, clock)
    clock.goes_to("08:46")
    with capture_logs() as logs:
        again.look()
    assert [(log["event"], log.get("in_force")) for log in logs] == [
        ("rules_broken", "the last rules without a mistake"),
        ("run_done", None),
    ]
    assert figure(again, "firstbell_rules_broken") == 1
    alarm = Alarm(3600, lambda: None)
    with TestClient(window(again, alarm, every=20)) as client:
        assert client.get("/ready").json()["in_force"] == "the last rules without a mistake"
        pack.write_text(good.replace("when am closes", "when am kloses"))
        clock.goes_to("09:11")
        assert told(again) == ["rules_broken", "run_done morning-register"]
        pack.write_text(good)
        clock.goes_to("09:31")
        assert told(again) == ["run_done through-the-morning"]
        assert client.get("/ready").json()["in_force"] == "the rules on disk"
    assert figure(again, "firstbell_rules_broken") == 0


def test_a_folder_of_rules_that_is_gone_is_a_mistake_like_any_other(
    serving: Serving, clock: Clock, tmp_path: Path
) -> None:
    """A share that is not mounted: under way nothing stops, and a restart goes by what the store kept."""
    again = restarted(tmp_path, clock)
    clock.goes_to("08:11")
    told(serving)
    (tmp_path / "rules").rename(tmp_path / "elsewhere")
    clock.goes_to("08:46")
    assert told(serving) == ["rules_broken", "run_done golden-hour"]
    clock.goes_to("09:11")
    assert told(again) == ["rules_broken", "run_done morning-register"]
    again.close()


def test_a_first_start_with_broken_rules_goes_by_the_rest(
    serving: Serving, clock: Clock, tmp_path: Path
) -> None:
    """Nothing good is kept yet: the lines are left out, said so, and the next change is taken up at once."""
    pack = tmp_path / "rules" / "runs.yaml"
    good = pack.read_text()
    pack.write_text(good.replace("when am closes", "when am clozes"))
    clock.goes_to("08:11")
    with capture_logs() as logs:
        serving.look()
    assert [(log["event"], log.get("in_force")) for log in logs] == [
        ("rules_broken", "the rules without these lines"),
        ("run_done", None),
    ]
    other = tmp_path / "rules" / "first-days.yaml"
    other.write_text("pack: [")
    clock.goes_to("08:46")
    with capture_logs() as logs:
        serving.look()
    assert {log.get("in_force") for log in logs if log["event"] == "rules_broken"} == {
        "the rules without these lines"
    }
    assert len([log for log in logs if log["event"] == "rules_broken"]) == 2


def test_a_school_that_never_had_a_good_run_is_named(serving: Serving, clock: Clock, tmp_path: Path) -> None:
    """One school goes by what it ran by; of the other, come since, the lines are left out."""
    clock.goes_to("08:11")
    told(serving)
    with serving.store.transaction() as unit:
        unit.take("schools", "T", [School("T", "Other School", "primary")], clock(), "schools.csv")
    (tmp_path / "rules" / "first-days.yaml").write_text("pack: [")
    again = restarted(tmp_path, clock)
    with capture_logs() as logs:
        again.look()
    assert [log["schools"] for log in logs if log["event"] == "no_good_rules_kept"] == [["T"]]
    again.close()


def test_what_goes_wrong_is_told_and_stops_nothing(
    serving: Serving, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that fails is logged by its kind, and is due again at the next look."""

    def fails(*_args: object, **_more: object) -> None:
        raise RuntimeError("Noor Ash")

    told(serving)
    clock.goes_to("08:11")
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("workflows.run_school.decide", fails)
        serving.look()
    assert [(log["event"], log["problem"]) for log in logs] == [("run_failed", "RuntimeError")]
    assert "Noor" not in str(logs)
    assert told(serving) == ["run_done before-the-bell"]


def test_a_look_that_fails_as_a_whole_is_told_and_is_no_look(
    serving: Serving, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is locked for longer than anybody waits: said in words, not counted, mended by itself."""

    def locked(*_args: object) -> None:
        raise StoreProblem("the store is busy")

    told(serving)
    with monkeypatch.context() as broken, capture_logs() as logs:
        broken.setattr("workflows.clockwork.Clockwork.due", locked)
        serving.look()
    assert [(log["event"], log["because"]) for log in logs] == [("look_failed", "the store is busy")]
    assert figure(serving, "firstbell_looks_total") == 1
    clock.goes_to("08:11")
    assert told(serving) == ["run_done before-the-bell"]


def test_told_to_stop_it_finishes_the_run_under_way_and_begins_no_other(
    serving: Serving, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two are due; SIGTERM comes in the first: the second is left for whoever starts next."""
    told(serving)
    clock.goes_to("08:46")
    turns = [Turn(DueSlot(name, clock()), ("S",), clock()) for name in ("first", "second")]
    taken: list[str] = []

    def takes(_works: Clockwork, turn: Turn) -> None:
        taken.append(turn.slot.schedule)
        serving.stop()

    monkeypatch.setattr(Clockwork, "due", lambda *_: turns)
    monkeypatch.setattr(Clockwork, "take", takes)
    serving.look()
    assert taken == ["first"]


def test_the_window(serving: Serving) -> None:
    """Not ready before the first look; then alive, with figures that hold no name."""
    rung: list[float] = []
    alarm = Alarm(3600, lambda: rung.append(time.monotonic()))
    with TestClient(window(serving, alarm, every=20)) as client:
        assert client.get("/ready").status_code == 503
        serving.look()
        assert client.get("/ready").json() == {"ready": True, "in_force": "the rules on disk"}
        assert client.get("/health").json()["alive"] is True
        figures = client.get("/metrics").text
        assert "firstbell_looks_total 1.0" in figures
        assert "Noor" not in figures
        serving.last_look = time.time() - 500
        assert client.get("/health").status_code == 503
    assert len(rung) == 1, "it rings at once"
