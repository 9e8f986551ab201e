"""Stories of reasons not to act: absent without a reason on Tuesday, and something stands before the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from adapters.demo.stories import Plot

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXT = "absent-without-reason"
TUESDAY = {"2025-11-11": "NN"}
HOLD = {"kind": "hold", "on": "2025-11-05", "until": "2025-12-19", "note": "Speak to the head of year first."}


def _circumstance(title: str, expect: str, *events: Mapping[str, str], **pupil: str) -> Plot:
    return Plot(TEXT, title, expect, TUESDAY, pupil=pupil, history=events)


def _family(title: str, expect: str, *family: Mapping[str, str]) -> Plot:
    return Plot(TEXT, title, expect, TUESDAY, family=family)


CARE = (
    _circumstance("A hold", "a person decides: staff have put a hold on this pupil", HOLD),
    _circumstance("A social worker", "a person decides", social_worker="1", key_adult="dsl"),
    _circumstance("A bereaved family", "a person decides", flags="bereavement"),
    _circumstance("A medical flag", "a person decides", medical="1"),
    Plot(
        TEXT,
        "In the council's care",
        "a person decides; the carer is the first contact",
        TUESDAY,
        pupil={"looked_after": "1", "social_worker": "1", "key_adult": "dsl"},
        family=(
            {"relationship": "foster carer", "lives_with": "1"},
            {"relationship": "social worker", "phone": "landline"},
        ),
    ),
    Plot(
        TEXT,
        "A part-time timetable",
        "N on Wednesday: a person decides, C2 in the last four school weeks",
        {"2025-10-20": "/,C2 " * 15, "2025-11-12": "N,C2"},
    ),
    _family(
        "The only contact must not be contacted",
        "nobody is texted: it goes to the telephone list",
        {"relationship": "father", "restriction": "no_contact"},
    ),
    _family(
        "The only contact is under a court order",
        "nobody is texted: it goes to the telephone list",
        {"relationship": "father", "restriction": "court_order"},
    ),
    _family(
        "Ask the safeguarding lead first",
        "nobody is texted: the safeguarding lead decides",
        {"relationship": "mother", "restriction": "ask_dsl"},
    ),
    _family(
        "The first contact is restricted",
        "the second contact gets the text",
        {"relationship": "father", "restriction": "court_order", "lives_with": "0"},
        {"relationship": "mother"},
    ),
    _family(
        "Only a landline",
        "nobody can be texted: it goes to the telephone list",
        {"relationship": "mother", "phone": "landline"},
    ),
    _family(
        "A neighbour has the only mobile",
        "a neighbour is telephoned, never texted",
        {"relationship": "mother", "phone": "", "email": ""},
        {"relationship": "neighbour"},
    ),
    _family("No contact at all", "nobody can be texted: it goes to the telephone list"),
)
