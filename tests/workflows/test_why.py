"""Why did I get this: what is answered, to whom, and what nobody learns."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.workflows.story import Story, contact, pupil
from workflows import outbox
from workflows.reference import as_quoted, reference
from workflows.values import MessageState
from workflows.why import NoSuchReference, why

DAY = "2025-11-10"


@pytest.fixture
def texted(story: Story) -> Story:
    """Monday 09:25: a text about P1 has left; P2's family got one too."""
    story.opens(pupil("P1", first_name="Noor"), pupil("P2")).register(f"{DAY}T09:15", P1="N/", P2="N/")
    story.run(f"{DAY}T09:20")
    story.send(f"{DAY}T09:25")
    return story


def test_the_answer_is_of_that_message_alone(texted: Story) -> None:
    """Rule, dates, words and child of the one quoted; nothing of the other family; kept in the ledger."""
    message, other = sorted(texted.messages(), key=lambda each: each.subject)
    found = why(texted.store, texted.library, message.ref, "ao", texted.now)
    assert (found.message, found.to, found.children) == (message, "A Parent", ("Noor",))
    assert found.rule[0] == "Stage 1: Absent today, and nobody knows why."
    assert found.dates[1:] == ("| Monday 10 November | morning | reason not yet established |",)
    assert found.stands == "it was sent"
    assert other.subject not in repr(found)
    (entry,) = texted.ledger("why")
    assert entry == {"message": message.message_id, "ref": message.ref, "by": "ao"}


def test_a_reference_may_be_misread_but_not_guessed(texted: Story) -> None:
    """Small letters, gaps and an O for a 0 find it; another one finds nothing and names nobody."""
    ref = texted.messages()[0].ref
    spelt = f" {ref[:4].lower()}-{ref[4:]} ".replace("0", "o").replace("1", "l")
    assert why(texted.store, texted.library, spelt, "", texted.now).message.ref == ref
    wrong = ref[:-1] + ("2" if ref[-1] != "2" else "3")
    with pytest.raises(NoSuchReference) as refused:
        why(texted.store, texted.library, wrong, "", texted.now)
    assert "Noor" not in str(refused.value)
    assert len(texted.ledger("why")) == 1


def test_two_messages_of_one_reference_are_nobodys(texted: Story) -> None:
    """Should two ever share one: nothing is told of either family."""
    one, other = texted.messages()
    with texted.store.transaction() as unit:
        unit.update((), (), [replace(other, ref=one.ref)], texted.now)
    with pytest.raises(NoSuchReference):
        why(texted.store, texted.library, one.ref, "", texted.now)


def test_what_was_not_sent_says_so_and_who_approved(story: Story) -> None:
    """A letter that waits, then one that a person approved: the state in words, the approver by name."""
    story.opens(pupil("P1"), before={"P1": "OO O/"}).register(f"{DAY}T09:15")
    story.run(f"{DAY}T09:20")
    (draft,) = story.messages()
    found = why(story.store, story.library, draft.ref, "", story.now)
    assert (found.stands, found.approved_by) == ("it was not sent (awaiting approval)", "")
    outbox.approve(story.store, [draft.message_id], "Asha Officer", "", story.now)
    assert why(story.store, story.library, draft.ref, "", story.now).approved_by == "Asha Officer"
    story.learns(f"{DAY}T09:30", contact("P1", restriction="no_contact"))
    story.send(f"{DAY}T09:31")
    assert (
        "withdrawn: the contact may not" in why(story.store, story.library, draft.ref, "", story.now).stands
    )


def test_references_are_their_messages_own() -> None:
    """Ten thousand messages, ten thousand references, none with a letter that is taken for another."""
    refs = {reference(f"m-{number}") for number in range(10_000)}
    assert len(refs) == 10_000
    assert not set("".join(refs)) & set("ILOU")
    assert all(as_quoted(ref) == ref for ref in refs)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({"state": MessageState.DELIVERED}, "it was delivered"),
        ({"state": MessageState.UNKNOWN, "ended_because": "x"}, "it may have been sent: nobody can tell yet"),
        (
            {"state": MessageState.FAILED_PERMANENT, "ended_because": "no such number"},
            "it was sent and did not arrive: no such number",
        ),
    ],
)
def test_what_its_provider_said_of_it(texted: Story, now: dict[str, object], words: str) -> None:
    """Delivered, in doubt, or sent and sent back: each as it is."""
    one, *_ = texted.messages()
    with texted.store.transaction() as unit:
        unit.update((), (), [replace(one, receipt_at=texted.now, **now)], texted.now)  # type: ignore[arg-type]
    assert why(texted.store, texted.library, one.ref, "", texted.now).stands == words
