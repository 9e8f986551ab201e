"""The grown-ups around a pupil: who they are, how they can be reached, and who must not be.

Telephone numbers are Ofcom's for drama: mobiles 07700 900000-900999, London landlines 020 7946 0000-0999.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.demo.names import mailbox

if TYPE_CHECKING:
    from random import Random

    from adapters.demo.calendar import Row
    from adapters.demo.names import Names

STREETS = (
    "Larch Road",
    "Tollgate Lane",
    "Fennel Close",
    "Wharf Street",
    "Beacon Rise",
    "Old Brickyard",
    "Mill Walk",
)
MEN = ("father", "stepfather", "grandfather", "uncle", "social worker")
PARENTS = ("mother", "father", "guardian")


def mobile(rng: Random) -> str:
    """A mobile number that can never ring."""
    return f"07700 900{rng.randrange(1000):03}"


def landline(rng: Random) -> str:
    """A London landline that can never ring."""
    return f"020 7946 0{rng.randrange(1000):03}"


def contact(rng: Random, names: Names, surname: str, relationship: str, contact_id: str, **told: str) -> Row:
    """One person around a pupil, `upn` still empty; `told` overrides what would be drawn.

    Parents have parental responsibility and live with the child unless told otherwise; others neither.
    `phone` may be told as "mobile" or "landline", and a number is drawn.
    """
    first = rng.choice(names.male if relationship in MEN else names.female)
    parent = "1" if relationship in PARENTS else "0"
    row = {
        "contact_id": contact_id,
        "upn": "",
        "name": f"{first} {surname}",
        "relationship": relationship,
        "parental_responsibility": parent,
        "lives_with": parent,
        "priority": "1",
        "phone": "mobile",
        "email": mailbox(first, surname, rng.randrange(1, 100))
        if parent == "1" and rng.random() < 0.7
        else "",
        "address": "",
        "language": names.language if rng.random() < 0.4 else "en",
        "may_receive": "",
        "restriction": "none",
    } | told
    draw = {"mobile": mobile, "landline": landline}.get(row["phone"])
    return row | {"phone": draw(rng) if draw else row["phone"]}


def family(rng: Random, names: Names, surname: str, number: int) -> list[Row]:
    """One household's contacts in priority order, one to four of them, `upn` still empty."""
    home = f"{rng.randrange(1, 140)} {rng.choice(STREETS)}, Ashgrove"
    people: list[Row] = []

    def add(relationship: str, last: str, **told: str) -> None:
        place = str(len(people) + 1)
        told = {"priority": place} | told
        people.append(contact(rng, names, last, relationship, f"C{number:05}-{place}", **told))

    reach = rng.choices(("mobile", "landline", ""), (95, 3, 2))[0]
    add(rng.choices(("mother", "father", "guardian"), (80, 15, 5))[0], surname, address=home, phone=reach)
    if rng.random() < 0.72:
        apart = rng.random() < 0.3
        restriction = "none"
        if apart:
            restriction = rng.choices(("none", "no_contact", "court_order", "ask_dsl"), (88, 6, 4, 2))[0]
        add(
            "mother"
            if people[0]["relationship"] == "father"
            else "father"
            if apart or rng.random() < 0.7
            else "stepfather",
            rng.choice(names.last) if apart else surname,
            lives_with="0" if apart else "1",
            address="" if apart else home,
            restriction=restriction,
            phone=rng.choices(("mobile", ""), (9, 1))[0],
        )
    if rng.random() < 0.4:
        add(
            rng.choice(("grandmother", "grandfather", "aunt", "uncle")),
            rng.choice((surname, rng.choice(names.last))),
            may_receive=rng.choice(("", "absence")),
            phone=rng.choices(("mobile", "landline"), (7, 3))[0],
        )
    if rng.random() < 0.12:
        add("neighbour", rng.choice(names.last))
    return people


def care(rng: Random, names: Names, number: int) -> list[Row]:
    """The contacts of a child in the care of the council: a foster carer and a social worker."""
    carer, worker = rng.sample(names.last, 2)
    return [
        contact(rng, names, carer, "foster carer", f"C{number:05}-1", lives_with="1", priority="1"),
        contact(rng, names, worker, "social worker", f"C{number:05}-2", priority="2", phone="landline"),
    ]
