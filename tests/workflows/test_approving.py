"""Who may say that a wording in another language is right, and what is kept of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from messaging.layers import Layered
from messaging.wording import wording
from tests.workflows.story import STAFF, Story, pupil, templates
from workflows.acting import CannotDo
from workflows.approving import Approving, approved_versions
from workflows.values import TemplateApproval

ALINA = replace(STAFF[0], staff_id="alina", name="Alina Nowak", roles=("translator",), covers=(), deputy="")
POLISH = templates()["first-day", "sms", "pl"]
ASKED = ("first-day", "sms", "Polish", "alina", "read it aloud with two families")


@pytest.fixture
def approving(story: Story) -> Approving:
    """A school with a translator."""
    story.opens(pupil("P1"), staff=(*STAFF, ALINA))
    return Approving(story.store, templates(), lambda: story.now)


def test_what_a_translator_approves_is_used(story: Story, approving: Approving) -> None:
    """The exact version, kept with who, when and why, in the ledger too; once, however often it is said."""
    given = approving.approve(*ASKED)
    why = "read it aloud with two families"
    assert given == TemplateApproval(
        "first-day", "sms", "pl", POLISH.version, "S", "alina", story.now, why
    )  # fmt: skip
    assert approving.approve(*ASKED[:4], "and again") == given
    with story.store.reading() as unit:
        assert unit.template_approvals() == (given,)
        versions = approved_versions(unit)
        (line,) = (line for line in unit.ledger("S") if line.kind == "template_approval")
        assert unit.verify()[1] == ()
    assert wording(templates(), versions, "first-day", "sms", "Polish") == (POLISH, "")
    assert line.content == {
        "template": "first-day", "channel": "sms", "language": "pl", "by": "alina", "why": why,
    }  # fmt: skip


def test_a_later_version_needs_another_approval(story: Story, approving: Approving) -> None:
    """An edit voids it; a school's own wording is approved by its own translator."""
    approving.approve(*ASKED)
    edited = replace(POLISH, version="e" * 12)
    own = Layered(templates(), {"S": {**templates(), edited.key: edited}})
    again = replace(approving, templates=own).approve(*ASKED)
    assert again.version == edited.version
    with story.store.reading() as unit:
        assert approved_versions(unit) == {POLISH.version, edited.version}


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ((*ASKED[:3], "ao", "yes"), "does not have the role translator: only somebody with it says"),
        ((*ASKED[:3], "nemo", "yes"), "there is nobody 'nemo' on the staff"),
        ((*ASKED[:3], "a", "yes"), "'a' fits several people"),
        ((*ASKED[:4], " "), "--why is empty"),
        (("first-day", "sms", "Klingon", *ASKED[3:]), "'Klingon' is no language Firstbell knows"),
        (("first-day", "sms", "English", *ASKED[3:]), "what is in English needs no translator"),
        (
            ("first-day", "letter", "pl", *ASKED[3:]),
            "there is no Polish wording first-day for letter; there are:",
        ),
    ],
)
def test_what_cannot_be_approved_is_said(
    story: Story, approving: Approving, asked: tuple[str, str, str, str, str], sentence: str
) -> None:
    """And nothing is kept."""
    with pytest.raises(CannotDo, match=sentence):
        approving.approve(*asked)
    with story.store.reading() as unit:
        assert unit.template_approvals() == ()


def test_a_wording_with_a_mistake_is_not_approved(approving: Approving) -> None:
    """What the English no longer says cannot be said to be right."""
    stale = {**templates(), POLISH.key: replace(POLISH, translates="0" * 12)}
    with pytest.raises(
        CannotDo, match=r"not fit to be approved yet:\n.*sms\.pl\.txt:\d+: it translates 0{12}"
    ):
        replace(approving, templates=stale).approve(*ASKED)


def test_the_wording_of_a_school_is_what_its_families_read(story: Story) -> None:
    """A run drafts from a school's own wording where it has one, and tells of those it left out."""
    text = templates()["first-day", "sms", "en"]
    own = replace(text, body=text.body.replace("If you told us, thank you.", "Told us? Thank you."))
    story.opens(pupil("P1")).register("2025-11-10T09:15", P1="N/")
    story.now = story.now.replace(year=2025, month=11, day=10, hour=9, minute=20)
    wrong = own.fault(3, "somebody should look at this")
    words = Layered(templates(), {"S": {**templates(), own.key: own}}, {"S": (wrong,), "elsewhere": (wrong,)})
    run = story.run_day(words=words).run(story.now, in_full=True)
    (message,) = story.messages()
    assert "Told us? Thank you." in message.text
    (problem,) = run.schools[0].problems
    assert str(problem) == f"{own.source}:3:1: somebody should look at this"
