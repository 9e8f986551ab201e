"""Exit codes, streams and documents of every command, on a school of two pupils."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.conftest import Firstbell
from tests.acceptance.small import small_school, write

NINE, TOP = "2025-11-21T09:20", Path(__file__).parents[2]


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a school whose files were imported, made once."""
    folder = tmp_path_factory.mktemp("imported")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        write(Path("in"), small_school())
        done = _shell("import", "in")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def school(firstbell: Firstbell, imported: Path) -> Firstbell:
    """Imported: on the last of fifteen days Noor has an N this morning."""
    shutil.copytree(imported, Path(), dirs_exist_ok=True)
    return firstbell


@pytest.fixture
def ran(school: Firstbell) -> Firstbell:
    """And judged at 09:20."""
    assert school("run", "--as-of", NINE).code == 0
    return school


def test_import_creates_the_store_and_a_second_import_changes_nothing(school: Firstbell) -> None:
    """Every row is the same as before; no journal batch, no ledger entry is added."""
    before = school("ledger", "verify", "--json").document["entries"]
    again = school("import", "in", "--json")
    files = again.document["files"]
    assert [(file["new"], file["changed"]) for file in files] == [(0, 0)] * len(files)
    assert (len(files), again.code, again.err) == (7, 0, "")
    assert school("ledger", "verify", "--json").document == {"entries": before, "faults": []}


REPORTS = [
    ("init",),
    ("run", "--as-of", NINE, "--dry-run"),
    ("run", "--as-of", NINE),
    ("explain", "--as-of", NINE),
    ("explain", "P1", "--rule", "absence-day-1", "--as-of", NINE),
    ("near", "--within", "3", "--as-of", NINE),
    ("tasks", "--as-of", NINE),
    ("outbox", "list"),
    ("outbox", "send", "--as-of", "2025-11-21T09:25"),
    ("outbox", "approve", "--by", "Asha", "--all"),
    ("rules", "check"),
    ("rules", "show"),
    ("rules", "test", f"{TOP}/rules/trust/golden-hour.yaml"),
    ("ledger", "verify"),
    ("ledger", "show"),
    ("import", "in"),
]


@pytest.mark.parametrize("words", REPORTS, ids=lambda words: " ".join(words[:2]))
def test_json_is_one_document_and_nothing_else(ran: Firstbell, words: tuple[str, ...]) -> None:
    """--json: standard output is one document; without it, something for people; both end 0."""
    done = ran(*words, "--json")
    assert done.code == 0
    assert isinstance(done.document, dict | list)
    plain = ran(*words)
    assert (plain.code, bool(plain.out)) == (0, True)


def test_what_run_says(school: Firstbell) -> None:
    """The document of design.md 5: the run, its counts, decisions, tasks and messages."""
    said = school("run", "--as-of", NINE, "--json").document
    assert said["as_of"] == "2025-11-21T09:20:00+00:00"
    assert (said["pupils"], said["schools"], said["fuses"]) == (2, ["S"], [])
    assert said["counts"]["absent-without-reason"] == said["counts"]["absence-day-1"] == 1
    decided = {line["rule"]: line for line in said["decisions"]}
    first = decided["absent-without-reason"]
    assert (first["subject"], first["upn"], first["class"], first["school_id"]) == ("pupil", "P1", None, "S")
    assert (first["outcome"], first["reasons"], first["stage"]) == ("act", ["rule_holds"], 1)
    assert decided["absence-day-1"]["reasons"] == ["first_contact_open"]
    task, *duties = sorted(said["tasks"], key=lambda task: task["upn"] is None)
    assert [each["subject"] for each in duties] == ["school"] * 3
    assert {"id", "upn", "rule", "step", "assignee", "role", "due", "because"} <= set(task)
    assert (task["assignee"], task["due"]) == ("ao", "2025-11-21T10:00:00+00:00")
    (message,) = said["messages"]
    assert {"id", "upn", "rule", "contact_id", "channel", "template", "state", "text"} <= set(message)
    assert (message["contact_id"], message["state"]) == ("C1", "queued")
    assert "Noor was marked absent on the morning of Friday 21 November" in message["text"]


def test_what_rules_show_says_of_the_work_of_people(firstbell: Firstbell) -> None:
    """Outcomes, duties and runs stand beside the rules, on the screen and in the document."""
    said = firstbell("rules", "show", "--json").document
    assert "every school day when am closes" in {run["comes"] for run in said["runs"]}
    assert "registers" in {duty["name"].partition("-")[2] for duty in said["duties"]}
    opens = {outcome["name"]: outcome["opens"] for outcome in said["triage"]}
    assert opens["senco"] == "look at the needs behind the absence (senco, 5 school days)"
    screen = firstbell("rules", "show").out
    assert all(words in screen for words in ("champion-meeting", "before-the-bell", "safeguarding-lead"))


def test_a_slip_in_a_duty_takes_that_duty_away_and_says_no_more(
    school: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`run` names the line and goes on; it does not say that a file could not be read."""
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "own")
    pack = tmp_path / "own" / "S.yaml"
    pack.parent.mkdir()
    task = "{do: look, by: office, due: same day}"
    pack.write_text(
        f"pack: own\nduties:\n  gate: {{title: Gate, comes: daily, task: {task}}}\n", encoding="utf-8"
    )
    run = school("run", "--as-of", NINE)
    assert run.code == 0
    assert "S.yaml:3:23: 'daily' is no cadence" in run.err
    assert run.err.endswith("what these lines are about is left out; all else ran\n")


def test_what_explain_says(school: Firstbell) -> None:
    """Every subject with every rule; evidence and shortfalls with the keys of design.md 5."""
    said = school("explain", "--as-of", NINE, "--json").document
    rules = {rule["id"]: rule for rule in school("rules", "show", "--json").document["rules"]}
    pairs = [(line["upn"], line["class"], line["rule"]) for line in said]
    kind = {line["rule"]: line["subject"] for line in said}
    assert set(kind) == set(rules)
    assert len(pairs) == len(set(pairs)) == sum(2 if kind[rule] == "pupil" else 1 for rule in rules)
    given = ("subject", "upn", "class", "school_id", "rule", "result")
    for line in said:
        assert tuple(line) == (*given, "because", "evidence", "short_by", "scope", "nearest")
        assert line["result"] in {"matched", "not_matched", "unknown", "not_applicable"}
        assert line["because"]
        assert all(set(part) - {"events"} == _EVIDENCE for part in line["evidence"])
        assert all(set(part) == {"measure", "value", "needed", "by", "unit"} for part in line["short_by"])
        assert bool(line["short_by"]) == (line["result"] == "not_matched")
    (matched,) = [line for line in said if (line["upn"], line["rule"]) == ("P1", "absent-without-reason")]
    assert matched["evidence"][0]["sessions"] == [{"date": "2025-11-21", "session": "AM", "code": "N"}]


_EVIDENCE = {"measure", "window", "numerator", "denominator", "missing", "threshold", "unit", "sessions"}

TROUBLES = [
    ("tasks --pdf --json", "--json and --pdf: one answer has one form; name one of them"),
    ("tasks --load --pdf", "--load is for the screen and --json: leave out"),
    ("report day --pdf --json", "--json and --pdf: one answer has one form"),
    ("report week --pdf --json", "--json and --pdf: one answer has one form"),
    ("explain P7", "there is no pupil with UPN 'P7' at S"),
    ("explain noor", "there is no pupil with UPN 'noor' at S; did you mean Noor [bold]Ash (P1)?"),
    ("explain Aok", "there is no pupil with UPN 'Aok' at S; did you mean Ben Oak (P2)?"),
    ("tasks t-0a", "t-0a is an id, not a command: write firstbell tasks show t-0a"),
    ("outbox m-0a", "m-0a is an id, not a command: write firstbell outbox show m-0a"),
    ("explain --rule absence-day-9", "there is no rule 'absence-day-9'; rules: absence-day-1"),
    ("explain --school T", "there is no school 'T' in the store; schools: S"),
    ("run --school T", "there is no school 'T' in the store; schools: S"),
    ("run --release absent", "there is no rule 'absent'; rules: absence-day-1"),
    ("tasks --school T", "there is no school 'T' in the store; schools: S"),
    ("tasks --for Nemo", "there is nobody 'Nemo' on the staff"),
    ("ledger show --school T", "there is no school 'T' in the store; schools: S"),
    ("run --as-of yesterday", "'yesterday' is not an instant; write 2025-11-10T09:20"),
    ("run --as-of 2025-02-30", "'2025-02-30' is not an instant"),
    ("explain --known-at 25:00", "'25:00' is not an instant"),
    ("import in --recorded-at soon", "'soon' is not an instant"),
    ("import in --format edfi", "there is no source 'edfi'; sources: csv"),
    ("import nowhere", "nowhere: there is no such file or folder"),
    ("outbox show m-none", "there is no message m-none; 'firstbell outbox list' shows them"),
    ("outbox send m-none", "there is no message m-none; 'firstbell outbox list' shows them"),
    ("outbox approve m-none --by Asha", "there is no message m-none"),
    ("outbox approve --by Asha", "name the messages to approve, or --all"),
    ("outbox list --state gone", "'gone' is no state of a message; states: drafted, awaiting_approval"),
    ("--store sqlite:///none.db tasks", "none.db"),
    ("--store sqlite:///in/marks.csv tasks", "marks.csv"),
    ("--store postgresql://there/db tasks", "a store on postgresql is not supported yet"),
    ("--config none.yaml tasks", "--config: there is no file"),
    ("rules check nowhere.yaml", "nowhere.yaml: cannot be read: No such file"),
    ("frobnicate", "No such command 'frobnicate'"),
    ("run --as-off 2025-11-21", "No such option"),
    ("--store sqlite:///new.db demo --pupils 12", "12 pupils are too few"),
]


@pytest.mark.parametrize(("words", "said"), TROUBLES, ids=[words for words, _ in TROUBLES])
def test_what_cannot_be_done_is_said_and_ends_2(ran: Firstbell, words: str, said: str) -> None:
    """One sentence on standard error, nothing on standard output, nothing changed."""
    before = Path("school.db").read_bytes()
    done = ran(*words.split())
    assert (done.code, done.out) == (2, "")
    assert said in " ".join(done.err.replace("│", " ").split())
    assert Path("school.db").read_bytes() == before


def test_before_there_is_a_store_each_command_says_what_to_do(firstbell: Firstbell) -> None:
    """No store: exit 2 and a word about init or import; a store without schools: run says so."""
    for words in (["tasks"], ["run"], ["explain"], ["outbox", "list"], ["ledger", "verify"]):
        done = firstbell(*words)
        assert (done.code, done.out) == (2, "")
        assert "firstbell init" in done.err or "firstbell import" in done.err
    assert firstbell("init").out.startswith("Created: sqlite:///")
    assert firstbell("init").out.startswith("Up to date: ")
    done = firstbell("run")
    assert (done.code, "there is no school in the store yet" in done.err) == (2, True)


def test_rows_that_cannot_be_taken_go_to_quarantine(school: Firstbell) -> None:
    """Good rows in, bad rows told last, with the file: 0; --strict: 1; nothing good at all: 2."""
    rows = "upn,date,session,code\nP1,2025-11-21,PM,I\nP9,2025-11-21,PM,I\nP2,2025-11-21,PM,?\n"
    write(Path("more"), {"marks": rows})
    done = school("import", "more")
    assert done.code == 0
    last = done.err.splitlines()[-1]
    assert last.startswith("2 rows refused")
    report = Path(last.rpartition(": ")[2])
    assert "there is no pupil P9" in report.read_text()
    assert school("import", "more", "--strict").code == 1
    write(Path("worst"), {"marks": "upn,date,session,code\nP9,2025-11-21,PM,I\n"})
    assert school("import", "worst").code == 2
    write(Path("torn"), {"marks": "upn,date\nP1,2025-11-21\n"})
    torn = school("import", "torn")
    assert (torn.code, "marks.csv:1" in torn.err) == (2, True)


def test_a_pack_with_a_mistake_is_told_by_file_line_and_column(ran: Firstbell, tmp_path: Path) -> None:
    """Rules check PATH: exit 1, where it is, what was meant; the same in JSON; a good pack ends 0."""
    pack = tmp_path / "own.yaml"
    pack.write_text("pack: own\nrules:\n  late:\n    title: Late\n    wen: {missing_marks: {at_least: 1}}\n")
    done = ran("rules", "check", "own.yaml")
    assert done.code == 1
    assert "own.yaml:5:5: " in done.out
    assert "did you mean 'when'?" in done.out
    told = ran("rules", "check", "own.yaml", "--json").document
    assert ("own.yaml", 5, 5, "late") in {
        (one["file"], one["line"], one["column"], one["rule"]) for one in told
    }
    pack.write_text("pack: own\nmeaning: {}\n")
    said = ran("rules", "check", "own.yaml").out
    assert (said.count("unknown key 'meaning'"), said.rstrip().endswith(": 1 mistake")) == (1, True)
    pack.write_text("pack: own\n")
    assert ran("rules", "check", "own.yaml").code == 0


@pytest.mark.usefixtures("few_rules")
def test_a_schools_own_pack_is_checked_and_tested_without_being_named(
    ran: Firstbell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules check and rules test speak of every school's pack, each once."""
    monkeypatch.setenv("FIRSTBELL_RULES_SCHOOLS", "own")
    pack = tmp_path / "own" / "S.yaml"
    pack.parent.mkdir()
    rule = (
        "pack: own\nrules:\n  late:\n    title: Late\n    because: late\n    autonomy: send\n"
        "    wen: {late_sessions: {over: today, at_least: 1}}\n"
        "    then: [{task: {do: ask, by: office, due: same day}}]\n"
        "tests:\n  - name: late today\n    calendar: hampshire-2025\n    as_of: 2025-11-10T09:20\n"
        "    marks: {2025-11-10: L/}\n    expect: {late: not_matched}\n"
    )
    pack.write_text(rule)
    done = ran("rules", "check")
    assert done.code == 1
    assert "own/S.yaml:7:5: unknown key 'wen'; did you mean 'when'?" in done.out
    pack.write_text(rule.replace("wen:", "when:"))
    assert "3 rules in 2 packs" in ran("rules", "check").out
    tested = ran("rules", "test")
    assert (tested.code, "own/S.yaml:10: late today" in tested.out) == (1, True)
    places = [(test["file"], test["line"]) for test in ran("rules", "test", "--json").document["tests"]]
    assert len(set(places)) == len(places)


def test_a_rule_test_that_fails_says_which_and_how(ran: Firstbell, tmp_path: Path) -> None:
    """Rules test PATH: exit 1, file and line, the test's name, what was expected and what came."""
    shipped = next(Path(__file__).parents[2].glob("rules/england/absence-bands.yaml")).read_text()
    wrong = shipped.replace("{persistent-absence: matched, near-", "{persistent-absence: not_matched, near-")
    (tmp_path / "absence-bands.yaml").write_text(wrong)
    done = ran("rules", "test", "absence-bands.yaml")
    assert done.code == 1
    assert "absence-bands.yaml:" in done.out
    assert "domain example 23, 38 of 380 is 10.0 % and persistent" in done.out
    tests = ran("rules", "test", "absence-bands.yaml", "--json").document["tests"]
    told = [test["differences"] for test in tests if test["differences"]]
    assert told
    assert all("persistent-absence" in differences[0] for differences in told)


def test_both_sides_of_a_correction(ran: Firstbell) -> None:
    """A correction recorded later: believed by --known-at after it, not by --known-at before it."""
    write(Path("fix"), {"marks": "upn,date,session,code\nP1,2025-11-21,AM,I\n"})
    (line,) = ran(*_ABOUT).document
    assert ran("import", "fix", "--recorded-at", "2999-01-01T10:30").code == 0
    results = {
        at: ran(*_ABOUT, "--known-at", f"2999-01-01T{at}").document[0]["result"] for at in ("10:29", "10:30")
    }
    assert (line["result"], results) == ("matched", {"10:29": "matched", "10:30": "not_matched"})


_ABOUT = ("explain", "P1", "--rule", "absent-without-reason", "--as-of", NINE, "--json")


@pytest.mark.parametrize(
    ("table", "column", "where"),
    [("ledger_content", "content", "seq = 3"), ("ledger_entry", "kind", "seq = 3")],
)
def test_one_byte_changed_in_the_ledger_is_found(ran: Firstbell, table: str, column: str, where: str) -> None:
    """In what an entry says or in its skeleton: exit 1, and the entry is named."""
    with sqlite3.connect("school.db") as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (old,) = db.execute(f"SELECT {column} FROM {table} WHERE {where}").fetchone()  # noqa: S608
        swapped = old[:2] + ("x" if old[2] != "x" else "y") + old[3:]
    raw = Path("school.db").read_bytes()
    assert raw.count(old.encode()) >= 1
    at = raw.index(old.encode()) if raw.count(old.encode()) == 1 else -1
    if at < 0:  # the same words stand elsewhere too: change the row, not the first match
        with sqlite3.connect("school.db") as db:
            db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (swapped,))  # noqa: S608
    else:
        Path("school.db").write_bytes(raw[: at + 2] + swapped[2].encode() + raw[at + 3 :])
    done = ran("ledger", "verify")
    assert done.code == 1
    assert "S entry 3: " in done.err
    (fault,) = [one for one in ran("ledger", "verify", "--json").document["faults"] if one["seq"] == 3]
    assert fault["school_id"] == "S"


def test_which_store_is_used(firstbell: Firstbell, monkeypatch: pytest.MonkeyPatch) -> None:
    """--store before FIRSTBELL_STORE before the file of --config."""
    Path("own.yaml").write_text('store: "sqlite:///of-file.db"\n')
    monkeypatch.setenv("FIRSTBELL_STORE", "sqlite:///of-variable.db")
    firstbell("--config", "own.yaml", "--store", "sqlite:///of-flag.db", "init")
    assert [path.name for path in sorted(Path().glob("*.db"))] == ["of-flag.db"]
    firstbell("--config", "own.yaml", "init")
    assert Path("of-variable.db").exists()
    assert not Path("of-file.db").exists()
    monkeypatch.delenv("FIRSTBELL_STORE")
    firstbell("--config", "own.yaml", "init")
    assert Path("of-file.db").exists()


def test_the_way_of_one_text_from_mark_to_folder(ran: Firstbell) -> None:
    """Drafted, listed, shown, corrected to I, withdrawn at the moment of sending; nothing in the folder."""
    (message,) = ran("outbox", "list", "--state", "queued", "--json").document
    assert ran("outbox", "show", message["id"], "--json").document == message
    write(Path("fix"), {"marks": "upn,date,session,code\nP1,2025-11-21,AM,I\n"})
    assert ran("import", "fix").code == 0
    done = ran("outbox", "send", "--as-of", "2025-11-21T09:25")
    assert (done.code, "withdrawn" in done.out, message["id"] in done.err) == (0, True, True)
    assert not list(Path("outbox").glob("*.txt"))
    assert ran("outbox", "list", "--json").document[0]["state"] == "withdrawn"


def test_a_text_that_holds_is_a_file_in_the_folder(ran: Firstbell) -> None:
    """Sent to the folder channel, once, with the number and the words."""
    (message,) = ran("outbox", "list", "--json").document
    ran("outbox", "send", "--as-of", "2025-11-21T09:25")
    ran("outbox", "send", "--as-of", "2025-11-21T09:26")
    (file,) = Path("outbox").glob("*.txt")
    assert (file.stem, message["text"] in file.read_text()) == (message["id"], True)


def test_the_list_for_people(ran: Firstbell) -> None:
    """A name with brackets stands as it is; --for finds by part of a name; --csv is one line a task."""
    done = ran("tasks", "--as-of", "2025-11-21T10:30", "--for", "asha")
    assert "Noor [bold]Ash" in " ".join(done.out.split())
    assert "3 open, 2 overdue" in done.out
    header, *rows = ran("tasks", "--as-of", NINE, "--csv").out.splitlines()
    assert header == "rank,due,owner,pupil,form,task,why,rule,id"
    assert [row.split(",")[0] for row in rows] == ["1", "2", "3", "4"]
    assert ran("tasks", "--as-of", "2025-11-21T09:00").out == "Nothing is open.\n"


def _shell(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from adapters.cli import main; main()", *words]
    path = {"PYTHONPATH": str(TOP), "PATH": "/usr/bin:/bin", "FIRSTBELL_STORE": "sqlite:///school.db"}
    return subprocess.run(command, env=path | environ, capture_output=True, text=True, check=False)


def test_from_a_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a process of its own: streams apart, exit codes, no terminal, the plain C locale."""
    monkeypatch.chdir(tmp_path)
    write(Path("in"), small_school())
    done = _shell("import", "in", "--json", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["nothing_read"] is False
    said: dict[str, Any] = json.loads(_shell("run", "--as-of", NINE, "--json", LC_ALL="C").stdout)
    assert [task["upn"] for task in said["tasks"] if task["upn"]] == ["P1"]
    wrong = _shell("explain", "P7")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr == "firstbell: there is no pupil with UPN 'P7' at S\n"
