"""`firstbell demo` lives its week, and every planted story comes out as it is told."""

from __future__ import annotations

import shlex
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adapters.cli.app import app
from adapters.demo import Story, build
from adapters.rule_files import read_library
from adapters.store import SqlStore, open_store
from engine.codes import table_hash
from engine.instants import local, local_instant
from workflows.explaining import explained
from workflows.library import Library
from workflows.tasks import listed
from workflows.values import Message, Task, TaskState

TOP = Path(__file__).parents[2]
PUPILS = 440
SCHOOL = build(seed=1, pupils=PUPILS)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    """The week of a trust of three schools and 440 pupils, lived once in a folder of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        done = CliRunner().invoke(app, ["demo", "--pupils", str(PUPILS)], catch_exceptions=False)
    assert done.exit_code == 0
    rules = TOP / "rules"
    library = read_library(rules / "england", rules / "trust", rules / "schools")
    with open_store(f"sqlite:///{folder}/.demo/firstbell.db", codes_hash=table_hash()) as store:
        yield Lived(folder, done.stdout, store, library)


@dataclass(frozen=True, slots=True)
class Lived:
    """The demo's folder, its last screen, its store."""

    folder: Path
    screen: str
    store: SqlStore
    library: Library

    def came_of(self, story: Story) -> list[str]:
        """What the story's rule did: decisions as first recorded, tasks and texts with their times."""
        subject = story.upn or f"class:{story.name}"
        with self.store.reading() as unit:
            tasks = [t for t in unit.tasks() if (t.subject, t.rule) == (subject, story.rule)]
            texts = [m for m in unit.messages() if (m.subject, m.rule) == (subject, story.rule)]
            said = [
                line.content
                for line in unit.ledger()
                if line.kind == "decision" and line.content and line.content["subject"] == subject
            ]
        lines = [
            f"{entry['outcome']} {_when(entry)} {' '.join(map(str, _list(entry['reasons'])))}"
            for entry in said
            if entry["rule"] == story.rule
        ]
        lines += [f"task {_stood(task)} {_owner(task)}" for task in tasks]
        lines += [f"text {_stood(text)} to {text.contact_id[-1]}" for text in texts]
        return lines

    def explain(self, story: Story, when: str) -> dict[str, object]:
        """What the story's rule said at a moment, as it was known then."""
        at = _instant(when)
        (line,) = explained(self.store, self.library, at, at, [story.upn], [story.rule])
        return line


def _instant(when: str) -> datetime:
    day, clock = when.split()
    return local_instant(date(2025, 11, 10) + timedelta(days=DAYS.index(day)), time.fromisoformat(clock))


def _clock(at: datetime) -> str:
    """Monday to Friday of the lived week by name; what was before it as `before`."""
    return f"{local(at):%a %H:%M}" if at >= _instant("Mon 00:00") else "before"


def _when(entry: dict[str, object]) -> str:
    return _clock(datetime.fromisoformat(str(entry.get("as_of") or entry["made_as_of"])))


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _owner(task: Task) -> str:
    """Whose it was first; what is not done in time goes to somebody else."""
    return (task.first_owner or task.assignee).partition("-")[0]


def _stood(item: Task | Message) -> str:
    """Where the rules have left it; what a person did about it later is no part of a story."""
    if isinstance(item, Task) and item.state in {TaskState.DONE, TaskState.DISMISSED}:
        return f"open {_clock(item.made_as_of)}"
    ended = f" to {_clock(item.ended_at)}" if item.ended_at else ""
    return f"{item.state.value} {_clock(item.made_as_of)}{ended}"


def _withdrawn(made: str, ended: str, text: str) -> list[str]:
    return [
        f"act {made} rule_holds",
        f"withdraw {made} ground_gone",
        f"task withdrawn {made} to {ended} ao",
        text,
    ]


def _proposed(reasons: str, owner: str = "ao", made: str = "Tue 09:20") -> list[str]:
    return [f"propose {made} {reasons}", f"task open {made} {owner}", f"text awaiting_approval {made} to 1"]


def _due(made: str, reasons: str = "person_decides") -> list[str]:
    return [f"propose {made} {reasons}", f"task open {made} head"]


def _concern(made: str, owner: str) -> list[str]:
    return [f"act {made} rule_holds", f"task open {made} {owner}", f"text awaiting_approval {made} to 1"]


NO_TEXT = ["act Tue 09:20 rule_holds no_contact", "task open Tue 09:20 ao"]
SIBLING = _withdrawn("Wed 09:20", "Thu 15:45", "text sent Wed 09:20 to Wed 10:35 to 1")
STORIES = {
    "A late register": [
        "act Tue 09:20 rule_holds",
        "withdraw Tue 09:20 ground_gone",
        "task withdrawn Tue 09:20 to Tue 10:30 ao",
    ],
    "A register never taken": ["act Thu 13:20 rule_holds", "task open Thu 13:20 ao"],
    "Absent, no reason, nobody rings": _withdrawn(
        "Mon 09:20", "Tue 15:45", "text sent Mon 09:20 to Mon 10:35 to 1"
    ),
    "The mother rings at 10:20": _withdrawn(
        "Mon 09:20", "Mon 10:30", "text withdrawn Mon 09:20 to Mon 10:30 to 1"
    ),
    "Late, not absent": _withdrawn("Thu 09:20", "Thu 10:30", "text withdrawn Thu 09:20 to Thu 10:30 to 1"),
    "Gone after lunch, found in the music room": [
        *_withdrawn("Wed 13:20", "Wed 15:45", "text sent Wed 13:20 to Wed 13:25 to 1"),
        "text awaiting_approval Wed 13:20 to 1",  # the apology for it
    ],
    "In late, marked U": [],
    "Two siblings absent the same day": SIBLING,
    "A day of illness, reported": ["propose Wed 09:20 health_absence", "task open Wed 09:20 tutor"],
    "Day 1 waits for the first contact": [
        "hold Wed 09:20 first_contact_open",
        "propose Wed 15:45 health_absence",
        "task open Wed 15:45 tutor",
    ],
    "A late morning breaks the run": [
        "propose Mon 09:20 health_absence",
        "propose Wed 09:20 health_absence",
        "task open Mon 09:20 tutor",
        "task open Wed 09:20 tutor",
    ],
    "A second day": ["propose Wed 09:20 health_absence", "task open Wed 09:20 hoy"],
    "A third day": ["propose Wed 09:20 health_absence", "task open Wed 09:20 head"],
    "A run over the weekend": ["propose Mon 09:20 health_absence", "task open Mon 09:20 head"],
    "An N from before half-term": ["act Mon 09:20 rule_holds", "task open Mon 09:20 ao"],
    "Settled a day too late": [
        "act Tue 09:20 rule_holds",
        "withdraw Tue 09:20 ground_gone",
        "task withdrawn Tue 09:20 to Tue 15:45 ao",
    ],
    "Settled in time": [],
    "Exactly 5 percent": _concern("Mon 13:20", "tutor"),
    "Exactly 10 percent": _concern("Thu 13:20", "hoy"),
    "Exactly half": _concern("Tue 13:20", "head"),
    "Two reasons to write on one day": [
        "act Tue 09:20 rule_holds message_today",
        "act Wed 09:20 rule_holds",
        "task open Tue 09:20 hoy",
        "text awaiting_approval Wed 09:20 to 1",
    ],
    "Mostly illness": _proposed("health_absence", "hoy"),
    "A missing mark that matters": ["unknown before marks_missing"],
    "A missing mark that does not": [],
    "Too new to judge": _concern("Fri 13:20", "hoy"),
    "Left in October": [],
    "Holiday and lateness across half-term": _due("Wed 09:20"),
    "A week's holiday, leave refused": _due("before"),
    "Ten late arrivals": _due("Mon 09:20"),
    "Nine is not ten": [],
    "Four are dealt with already": [],
    "An earlier notice was withdrawn": _due("Tue 13:20"),
    "The tenth was illness": [
        "propose Tue 09:20 person_decides",
        "withdraw Tue 09:20 ground_gone",
        "task withdrawn Tue 09:20 to Tue 15:45 head",
    ],
    "A hold": _proposed("hold"),
    "A social worker": _proposed("social_worker", "dsl"),
    "A bereaved family": _proposed("bereaved"),
    "A medical flag": _proposed("medical"),
    "In the council's care": _proposed("social_worker looked_after", "dsl"),
    "A part-time timetable": _proposed("part_time health_absence", made="Wed 09:20"),
    "The only contact must not be contacted": NO_TEXT,
    "The only contact is under a court order": NO_TEXT,
    "Ask the safeguarding lead first": NO_TEXT,
    "The first contact is restricted": [
        "act Tue 09:20 rule_holds",
        "task open Tue 09:20 ao",
        "text sent Tue 09:20 to Tue 10:35 to 2",
    ],
    "Only a landline": NO_TEXT,
    "A neighbour has the only mobile": NO_TEXT,
    "No contact at all": NO_TEXT,
}


@pytest.mark.parametrize("story", SCHOOL.stories, ids=lambda story: f"{story.title} {story.upn[:1]}".strip())
def test_every_story_comes_out_as_it_is_told(lived: Lived, story: Story) -> None:
    """Decisions, tasks and texts of the story's own rule, each with its time, and nothing besides."""
    assert sorted(lived.came_of(story)) == sorted(STORIES[story.title])


AT_MOMENTS = {
    "Exactly 5 percent": {"Mon 09:20": "not_matched", "Mon 13:20": "matched"},
    "Exactly 10 percent": {"Thu 09:20": "not_matched", "Thu 13:20": "matched", "Fri 09:20": "not_matched"},
    "Exactly half": {"Tue 09:20": "not_matched", "Tue 13:20": "matched"},
    "A missing mark that matters": {"Thu 15:45": "unknown", "Fri 09:20": "not_matched"},
    "A missing mark that does not": {"Mon 09:20": "not_matched", "Fri 15:45": "not_matched"},
    "Too new to judge": {"Fri 09:20": "not_matched", "Fri 13:20": "matched"},
    "Left in October": {"Mon 09:20": "not_applicable", "Fri 15:45": "not_applicable"},
    "Settled in time": {"Mon 15:45": "not_matched", "Tue 09:20": "not_matched"},
    "In late, marked U": {"Thu 09:20": "not_matched", "Thu 15:45": "not_matched"},
}


@pytest.mark.parametrize("title", AT_MOMENTS)
def test_the_moments_that_a_story_turns_on(lived: Lived, title: str) -> None:
    """Explained as of the moment, as it was known at the moment."""
    (story,) = [each for each in SCHOOL.stories if each.title == title]
    found = {when: lived.explain(story, when)["result"] for when in AT_MOMENTS[title]}
    assert found == AT_MOMENTS[title]


@pytest.mark.parametrize(("title", "short"), [("Nine is not ten", 1), ("Four are dealt with already", 4)])
def test_a_near_miss_says_by_how_much(lived: Lived, title: str, short: int) -> None:
    """Short by one, short by four."""
    (story,) = [each for each in SCHOOL.stories if each.title == title]
    (line,) = _list(lived.explain(story, "Fri 15:45")["short_by"])
    assert isinstance(line, dict)
    assert line["by"] == short


def test_the_siblings_stand_side_by_side(lived: Lived) -> None:
    """Whoever rings one family about one child sees the other on the next line."""
    upns = {story.upn for story in SCHOOL.stories if story.title.startswith("Two siblings")}
    lines = listed(lived.store, _instant("Wed 10:00"))
    ranks = sorted({line.rank for line in lines if line.task.subject in upns})
    assert len(ranks) >= 2
    assert ranks == list(range(ranks[0], ranks[0] + len(ranks)))


def test_a_run_takes_over_stage_by_stage(lived: Lived) -> None:
    """Day 1, 2, 3: each open call is superseded by the next, on the morning of the next."""
    (story,) = [each for each in SCHOOL.stories if each.title == "A third day"]
    with lived.store.reading() as unit:
        own = [t for t in unit.tasks() if t.subject == story.upn and t.ladder == "day-of-absence"]
    assert [_stood(task) for task in sorted(own, key=lambda task: task.stage)] == [
        "superseded Mon 09:20 to Tue 09:20",
        "superseded Tue 09:20 to Wed 09:20",
        "open Wed 09:20",
    ]


def test_every_story_names_a_rule_that_is_there() -> None:
    """The last screen and the tour look stories up by rule."""
    rules = TOP / "rules"
    there = {rule.id for rule in read_library(rules / "england", rules / "trust", rules).for_school("").rules}
    assert {story.rule for story in SCHOOL.stories} <= there
    assert {story.title for story in SCHOOL.stories} == set(STORIES)


def test_every_text_sent_is_a_file_and_every_file_a_text_sent(lived: Lived) -> None:
    """The folder channel holds what was sent, word for word, and nothing else."""
    with lived.store.reading() as unit:
        sent = {m.message_id: m.text for m in unit.messages() if m.state == "sent"}
        assert unit.verify()[1] == ()
    files = {
        path.stem: path.read_text().partition("\n\n")[2] for path in lived.folder.glob(".demo/outbox/*.txt")
    }
    assert files == {name: f"{text}\n" for name, text in sent.items()}


def test_the_last_screen_shows_every_school(lived: Lived) -> None:
    """A line for each school, and every pupil and mark of the three has come in."""
    lines = lived.screen.splitlines()
    for place in SCHOOL.places:
        assert any(place.name in line and f" {place.pupils} " in line for line in lines)
    assert "A trust of 3 schools, Friday 14 November 2025" in lines[0]
    assert f"{PUPILS} pupils" in lived.screen
    assert ", 0 rows refused" in lived.screen


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--pupils", "300"), "300 pupils are too few for the planted stories: 3 schools need 434 at least"),
        (("--days", "150"), "150 school days are too many: from 2025-11-10 the school year has 149 left"),
        (("--json",), "--json goes with --check"),
        (("--check", "--pupils", "30"), "ask for 500 or more"),
    ],
)
def test_flags_that_do_not_fit_say_what_would(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence with the number that would do, and nothing written."""
    monkeypatch.chdir(tmp_path)
    refused = _run("demo", *words)
    assert said in str(refused.exception)
    assert not list(tmp_path.iterdir())


def test_the_last_screen_gives_commands_that_work(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line under "What to type next" runs, ends well and has something to say."""
    monkeypatch.chdir(lived.folder)
    lines = lived.screen.partition("What to type next")[2].strip().splitlines()
    assert len(lines) == 5
    for line in lines:
        words = shlex.split(line)
        assert words[0].endswith("firstbell")
        done = CliRunner().invoke(app, words[1:], catch_exceptions=False)
        assert done.exit_code == 0
        assert "Nothing is open" not in done.stdout
        assert len(done.stdout.splitlines()) >= 1


def test_the_demo_leaves_real_pupils_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store that was filled by an import is refused, untouched; without --store ./.demo is used."""
    monkeypatch.chdir(tmp_path)
    Path("schools.csv").write_text(
        "school_id,name,phase,am_opens,am_closes,pm_opens,pm_closes\nS,Real,primary,08:40,09:10,13:00,13:15\n"
    )
    assert _run("--store", "sqlite:///real.db", "import", "schools.csv").exit_code == 0
    before = Path("real.db").read_bytes()
    refused = _run("--store", "sqlite:///real.db", "demo", "--schools", "1", "--pupils", "300", "--days", "1")
    assert "holds real pupils" in str(refused.exception)
    assert Path("real.db").read_bytes() == before
    assert not Path(".demo").exists()


def test_the_demo_fills_an_empty_store_and_its_own_again_with_the_same_ids(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Named and empty: used; lived a second time: the same cases, tasks and messages."""
    monkeypatch.chdir(tmp_path)
    asked = ("--store", "sqlite:///own.db", "demo", "--schools", "1", "--pupils", "300", "--days", "1")
    assert _run("--store", "sqlite:///own.db", "init").exit_code == 0
    found = []
    for _ in range(2):
        done = _run(*asked)
        assert done.exit_code == 0, done.stderr
        with sqlite3.connect("own.db") as db:
            found.append([sorted(db.execute(f"SELECT {key} FROM {table}")) for table, key in _IDS])  # noqa: S608
    assert found[0] == found[1]
    assert all(found[0])
    assert not Path(".demo").exists()


_IDS = (("case_", "case_id"), ("task", "task_id"), ("message", "message_id"))


def _run(*words: str):  # type: ignore[no-untyped-def]  # noqa: ANN202 - typer's Result has no public name
    return CliRunner().invoke(app, list(words))
