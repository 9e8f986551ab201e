"""Worker processes do what one process does, and none outlives its parent."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.config import read_config
from adapters.side_by_side import SideBySide
from adapters.store import open_store
from adapters.store.problems import StoreProblem
from benchmarks.stores import TUESDAY, build, copy, evening, url
from engine.codes import table_hash
from workflows.library import Library
from workflows.run_school import Asked

TOP = Path(__file__).parents[2]
COMMAND = "from adapters.cli import main; main()"
AT = evening(TUESDAY).isoformat()
PATIENCE = 60.0
COMPARED = {
    "task": "select * from task order by task_id",
    "message": "select * from message order by message_id",
    "case": "select * from case_ order by case_id",
    "ledger": """select e.school_id, e.seq, e.kind, e.subject_digest, c.content
                 from ledger_entry e join ledger_content c using (school_id, seq)
                 order by e.school_id, e.seq""",
}


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of nine small schools that nobody has judged yet."""
    path = tmp_path_factory.mktemp("trust") / "trust.db"
    build(str(path), "1,60,8,30")
    return path


@pytest.fixture(scope="module")
def straight(trust: Path) -> Path:
    """The same store after one process has judged it, one school after the other."""
    path = copy(trust, trust.with_name("straight.db"))
    path.with_suffix(".said").write_text(_ran(path, workers=1))
    return path


def _run(store: Path, workers: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", "--as-of", AT, "--known-at", AT],
        cwd=store.parent,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": str(TOP),
            "FIRSTBELL_STORE": url(store),
            "FIRSTBELL_WORKERS": str(workers),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _ran(store: Path, workers: int) -> str:
    run = _run(store, workers)
    said = run.communicate(timeout=PATIENCE)[0]
    assert run.returncode == 0, said
    return said


def _tables(store: Path) -> dict[str, list[tuple[object, ...]]]:
    db = sqlite3.connect(store)
    found = {name: db.execute(query).fetchall() for name, query in COMPARED.items()}
    db.close()
    return found


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


def _workers(run: subprocess.Popen[str]) -> list[int]:
    """The workers under way, once some school has been committed."""
    for _ in _patiently():
        found = [child for child in _children(run.pid) if b"spawn_main" in _command(child)]
        if len(found) == 2:
            return found
        assert run.poll() is None, run.communicate()[0]
    return []


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b""


def _committed(store: Path) -> int:
    db = sqlite3.connect(store)
    (count,) = db.execute("select count(*) from ledger_entry where kind = 'run'").fetchone()
    db.close()
    return int(count)


def _patiently() -> Iterator[None]:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        yield
        time.sleep(0.005)
    raise TimeoutError


def test_two_workers_do_what_one_process_does(trust: Path, straight: Path, tmp_path: Path) -> None:
    """Every task, message, case and ledger entry is the same; so is what the run says."""
    two = copy(trust, tmp_path / "two.db")
    assert _ran(two, workers=2) == straight.with_suffix(".said").read_text()
    assert _tables(two) == _tables(straight)
    assert _tables(two)["task"]


def test_after_a_problem_the_next_question_gets_its_own_answers(trust: Path, tmp_path: Path) -> None:
    """One school is nowhere: its problem is told; what the other worker had under way is nobody's answer.

    The rules they judge by are those given, whatever is in the files: here there are none.
    """
    config = read_config({"FIRSTBELL_STORE": url(copy(trust, tmp_path / "asked.db"))}, TOP)
    asked = Asked(evening(TUESDAY), evening(TUESDAY), "r-1", dry=True, in_full=True)
    schools = [f"school-{number:02}" for number in range(9)]
    side_by_side = SideBySide(config, 2, Library(()))
    for _ in range(2):
        with pytest.raises(StoreProblem, match="school nowhere was not in the store"):
            side_by_side(["nowhere", *schools], asked)
        done = side_by_side(schools, asked)
        assert [(school.school_id, school.decisions) for school in done if school] == [
            (school_id, ()) for school_id in schools
        ]
    side_by_side.close()


@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="workers are found through /proc")
@pytest.mark.parametrize("whom", ["the parent", "a worker"])
def test_what_a_kill_left_undone_the_next_run_does(
    trust: Path, straight: Path, tmp_path: Path, whom: str
) -> None:
    """No worker outlives its parent; a worker's end is said in a sentence; afterwards nothing is missing."""
    killed = copy(trust, tmp_path / "killed.db")
    run = _run(killed, workers=2)
    workers = _workers(run)
    for _ in _patiently():
        if _committed(killed):
            break
    os.kill(run.pid if whom == "the parent" else workers[0], signal.SIGKILL)
    said = run.communicate(timeout=PATIENCE)[0]
    for _ in _patiently():
        if not any(b"spawn_main" in _command(worker) for worker in workers):
            break
    if whom == "a worker":
        assert (run.returncode, "Traceback" in said) == (2, False), said
        assert "Run the command again: nothing is done twice" in said
    assert 0 < _committed(killed) < 9
    _ran(killed, workers=1)
    assert [row[0] for row in _tables(killed)["task"]] == [row[0] for row in _tables(straight)["task"]]
    assert [row[0] for row in _tables(killed)["message"]] == [row[0] for row in _tables(straight)["message"]]
    with open_store(url(killed), codes_hash=table_hash()) as store, store.reading() as unit:
        assert unit.verify()[1] == ()
