"""Makes docs/ten-children.md and its pictures: ten children, the same absence, ten lives.

    .venv/bin/python docs/ten_children.py

An invented school, by the very commands that a school types: facts in, what families wish, a run on Monday
that drafts texts, one on Wednesday that drafts letters, approvals, a print run. Needs pdftoppm.
"""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

import typst

HERE = Path(__file__).parent
INTO = HERE / "ten-children"
ABSENT = ("2025-09-15", "2025-09-16", "2025-10-09", "2025-11-06")
TEXTS, LETTERS = ("2025-11-10", "2025-11-11"), ("2025-11-19", "2025-11-20")
RULES = """pack: ten-children
rules:
  {0}-concern:
    title: More than a twentieth of this year is missed
    because: "{{absence_rate.numerator}} of {{absence_rate.denominator}} sessions missed"
    when:
      all:
        - absence_rate: {{over: year to date, at_least: 5, below: 50}}
        - possible_sessions: {{over: year to date, at_least: 20}}
    ladder: {0}
    stage: 1
    episode: school year
    autonomy: approve
    then:
      - task: {{do: a supportive conversation, by: attendance_officer, due: 5 school days}}
      - message: {{template: attendance-concern, channel: {0}, purpose: letters}}
"""
LIVES = {
    "Amara": "nothing else is known",
    "Ben": "has asthma: the medical flag is set",
    "Chloe": "has an education, health and care plan",
    "Dylan": "cares for his mother",
    "Fatima": "her mother reads Urdu",
    "George": "his father died in October",
    "Grace": "is looked after and lives with a foster carer",
    "Harry": "Isla's brother, at the same school",
    "Isla": "Harry's sister: one home, one telephone",
    "Jack": "a court order keeps his father away; his mother asked for no texts and for large print",
}
HEAD = f"""# Ten children, the same absence, ten lives

Ten children of the invented Ashgrove Academy have each missed the same four days for illness since September.
What their families got differs as their lives do. `.venv/bin/python docs/ten_children.py` makes all of it,
with the commands that a school types: a run on {TEXTS[0]} drafts texts, one on {LETTERS[0]} letters, and
the headteacher approves each. They leave on that day and the next: a family gets one such message a day.

![the texts, at the width of a telephone](ten-children/texts.png)
"""
PUPIL = {
    "Ben": {"medical": "1"},
    "Chloe": {"sen": "E"},
    "Dylan": {"young_carer": "1"},
    "George": {"flags": "bereaved"},
    "Grace": {"looked_after": "1"},
}
_PARENT = {"relationship": "mother", "parental_responsibility": "1", "lives_with": "1", "priority": "1"}
CONTACTS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("Amara", "Joy Bell", {}),
    ("Ben", "Ruth Okafor", {}),
    ("Chloe", "Anna Marsh", {}),
    ("Dylan", "Megan Price", {}),
    ("Fatima", "Saira Siddiqui", {"language": "Urdu"}),
    ("George", "Helen Reed", {}),
    ("Grace", "Pat Lowe", {"relationship": "foster carer", "parental_responsibility": "0"}),
    ("Grace", "Dina Carr", {"relationship": "mother", "lives_with": "0", "priority": "2"}),
    (
        "Grace",
        "Sam Field",
        {"relationship": "social worker", "parental_responsibility": "0", "lives_with": "0", "priority": "3"},
    ),
    ("Harry", "Kate Moss-Hill", {"contact_id": "hill"}),
    ("Isla", "Kate Moss-Hill", {"contact_id": "hill"}),
    ("Jack", "Lucy Stone", {"email": "lucy.stone@example.org"}),
    (
        "Jack",
        "Mark Stone",
        {"relationship": "father", "lives_with": "0", "priority": "2", "restriction": "court_order"},
    ),
)


def firstbell(folder: Path, *words: str) -> str:
    """What a command prints; its notes are let be."""
    store = {
        "FIRSTBELL_STORE": f"sqlite:///{folder / 'school.db'}",
        "FIRSTBELL_OUTBOX_FOLDER": str(folder / "outbox"),
    }
    rules = {"FIRSTBELL_RULES_NATIONAL": str(folder / "none"), "FIRSTBELL_RULES_TRUST": str(folder / "rules")}
    command = [sys.executable, "-c", "from adapters.cli import main; main()", *words]
    done = subprocess.run(  # noqa: S603
        command,
        cwd=HERE.parent,
        env=os.environ | store | rules,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout


def table(path: Path, rows: Iterable[dict[str, str]]) -> None:
    """Rows as CSV, under every column that one of them has."""
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")


def school_days() -> list[date]:
    """Monday to Friday from 3 September to 21 November 2025, without the half-term week."""
    first = date(2025, 9, 3)
    days = (first + timedelta(days=number) for number in range(80))
    return [day for day in days if day.weekday() < 5 and not date(2025, 10, 27) <= day <= date(2025, 10, 31)]


def facts(folder: Path) -> None:
    """The school, the ten children, whom to write to, and the same four days missed."""
    school = {"school_id": "S"}
    times = {"am_opens": "08:40", "am_closes": "09:10", "pm_opens": "13:00", "pm_closes": "13:15"}
    table(
        folder / "schools.csv",
        [school | {"name": "Ashgrove Academy", "phase": "secondary", "lessons_per_day": "5"} | times],
    )
    table(
        folder / "calendar.csv", [school | {"date": str(day), "am": "1", "pm": "1"} for day in school_days()]
    )
    term = {"year": "2025/26", "term": "autumn"}
    spans = (("1", "2025-09-03", "2025-10-24"), ("2", "2025-11-03", "2025-12-19"))
    table(
        folder / "terms.csv", [school | term | {"half_term": h, "starts": a, "ends": b} for h, a, b in spans]
    )
    staff = (("ao", "Mr Iqbal", "attendance_officer"), ("head", "Ms Adeyemi", "headteacher"))
    table(folder / "staff.csv", [school | {"staff_id": i, "name": n, "roles": r} for i, n, r in staff])
    pupils = [
        school | {"upn": name, "first_name": name, "last_name": "Example", "year_group": "8", "form": "8A"}
        | {"date_of_birth": "2013-05-01", "admitted_on": "2024-09-01"} | PUPIL.get(name, {})
        for name in LIVES
    ]  # fmt: skip
    table(folder / "pupils.csv", pupils)
    contacts = []
    for number, (child, name, told) in enumerate(CONTACTS, start=1):
        reached = {"phone": f"07700 9001{number:02}", "address": f"{number} Mill Lane, Southampton, SO14 1AA"}
        contacts.append({"contact_id": f"c{number}", "upn": child, "name": name} | _PARENT | reached | told)
    for hill in (each for each in contacts if each["contact_id"] == "hill"):
        hill |= {"phone": "07700 900150", "address": "21 Mill Lane, Southampton, SO14 1AA"}
    table(folder / "contacts.csv", contacts)


def marks(folder: Path, first: str, last: str) -> None:
    """Everybody's marks of some days, both inside."""
    rows = [
        {"upn": name, "date": str(day), "session": half, "code": "I" if str(day) in ABSENT else there}
        for name in LIVES
        for day in school_days()
        if first <= str(day) <= last
        for half, there in (("AM", "/"), ("PM", "\\"))
    ]
    table(folder / "marks.csv", rows)


def run(folder: Path, kind: str, day: str) -> set[str]:
    """A run at noon under the rule that writes by one kind; the ids of its messages, which are approved."""
    (folder / "rules" / "rule.yaml").write_text(RULES.format(kind), encoding="utf-8")
    firstbell(folder, "run", "--as-of", f"{day}T12:00")
    waiting = json.loads(firstbell(folder, "outbox", "list", "--state", "awaiting_approval", "--json"))
    ids = [each["id"] for each in waiting]
    firstbell(
        folder, "outbox", "approve", *ids, "--by", "Ms Adeyemi", "--why", "read, and right for the child"
    )
    return set(ids)


def lived(folder: Path) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The texts and the letters as they ended, each with what became of it; the letters lie in print/.

    What is put off on the first day of each leaves on the second.
    """
    for name in ("csv", "later", "rules", "none"):
        (folder / name).mkdir()
    facts(folder / "csv")
    marks(folder / "csv", "2025-09-03", "2025-11-07")
    marks(folder / "later", TEXTS[0], "2025-11-18")
    firstbell(folder, "init")
    firstbell(folder, "import", str(folder / "csv"), "--recorded-at", f"{TEXTS[0]}T11:00")
    said = ("--by", "Mr Iqbal", "--as-of", f"{TEXTS[0]}T11:10")
    words = "Texts are no good to me, and I need big letters"
    firstbell(folder, "families", "wish", "Lucy Stone", "--no-texts", "--large-print", *said, "--why", words)
    texts = run(folder, "sms", TEXTS[0])
    for day in TEXTS:
        firstbell(folder, "outbox", "send", "--as-of", f"{day}T12:30")
    firstbell(folder, "import", str(folder / "later"), "--recorded-at", f"{LETTERS[0]}T08:00")
    letters = run(folder, "letter", LETTERS[0])
    paper = ("letters", "print", "--to", str(folder / "print"), "--single-sided")
    for day, more in zip(LETTERS, ((), ("--add",)), strict=True):
        firstbell(folder, *paper, *more, "--as-of", f"{day}T12:30")
    now = json.loads(firstbell(folder, "outbox", "list", "--json"))
    return [each for each in now if each["id"] in texts], [each for each in now if each["id"] in letters]


def phones(texts: Sequence[dict[str, str]]) -> None:
    """The texts as they stand on a telephone, one picture."""
    cards = [
        {"child": name, "life": life, "said": [_on_the_screen(each) for each in texts if each["upn"] == name]}
        for name, life in LIVES.items()
    ]
    picture = typst.compile(
        str(HERE / "ten_children.typ"), sys_inputs={"said": json.dumps(cards)}, format="png", ppi=110
    )
    (INTO / "texts.png").write_bytes(picture)


def _on_the_screen(message: dict[str, str]) -> dict[str, str]:
    kind = {"sms": "Text", "email": "E-mail"}[message["channel"]]
    stands = message["state"].replace("_", " ")
    because = f": {message['ended_because']}" if message["ended_because"] else ""
    return {"head": f"{kind} to {message['address']}", "words": message["text"], "stands": stands + because}


def named(folder: Path, letters: Sequence[dict[str, str]]) -> dict[str, list[tuple[int, str]]]:
    """The pages of each letter in the print run, with the names of their pictures, by the message's id."""
    with (folder / "print" / "manifest.csv").open(encoding="utf-8") as file:
        manifest = list(csv.DictReader(file))
    child = {each["id"]: each["upn"].lower() for each in letters}
    names = {}
    for row in manifest:
        stem = f"{child[row['message_id']]}-{row['addressee'].partition(' ')[0].lower()}"
        leaves = range(int(row["first_page"]), int(row["last_page"]) + 1)
        names[row["message_id"]] = [(leaf, f"{stem}-{number}") for number, leaf in enumerate(leaves, start=1)]
    return names


def draw(folder: Path, names: dict[str, list[tuple[int, str]]]) -> None:
    """Every page of the print run as a picture."""
    drawer = shutil.which("pdftoppm") or "pdftoppm"
    for leaf, name in (each for leaves in names.values() for each in leaves):
        span = ["-f", str(leaf), "-l", str(leaf), "-r", "64", "-gray", "-png", "-singlefile"]
        command = [drawer, *span, str(folder / "print" / "letters.pdf"), str(INTO / name)]
        subprocess.run(command, check=True)  # noqa: S603


def page(
    texts: Sequence[dict[str, str]],
    letters: Sequence[dict[str, str]],
    names: dict[str, list[tuple[int, str]]],
) -> str:
    """docs/ten-children.md."""
    out = [HEAD]
    for name, life in LIVES.items():
        out += [f"## {name}: {life}", ""]
        for each in (*texts, *letters):
            if each["upn"] == name:
                out.append(_line(each))
        pictures = [
            picture
            for message in letters
            if message["upn"] == name
            for _, picture in names.get(message["id"], [])
        ]
        out += ["", *(f"![a letter about {name}](ten-children/{each}.png)" for each in pictures), ""]
    return "\n".join(out).replace("\n\n\n", "\n\n").rstrip() + "\n"


def _line(each: dict[str, str]) -> str:
    kind = {"sms": "text", "email": "e-mail", "letter": "letter"}[each["channel"]]
    because = f", {each['ended_because']}" if each["ended_because"] else ""
    note = f" ({each['note']})" if each.get("note") else ""
    where = each["address"].replace("\n", ", ")
    return f"- {kind} to {each['addressee']}, {where}: {each['state'].replace('_', ' ')}{because}{note}"


def main() -> None:
    """Write docs/ten-children.md and the pictures in docs/ten-children."""
    INTO.mkdir(exist_ok=True)
    for old in INTO.iterdir():
        old.unlink()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        texts, letters = lived(folder)
        phones(texts)
        names = named(folder, letters)
        draw(folder, names)
        words = page(texts, letters, names)
    (HERE / "ten-children.md").write_text(words, encoding="utf-8")


if __name__ == "__main__":
    main()
