"""Who gets which words, by which way and in which language, once a rule holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from engine.records import Event
from engine.rulebook.rulebook import Source
from messaging.wishes import About, Wish
from tests.workflows.story import Story, contact, pupil, reasons, templates
from workflows.library import Library, SchoolSource
from workflows.values import Message, MessageState, TemplateApproval

DAY = "2025-11-10"
HOME = "12 Mill Lane, Southampton, SO14 1AA"
CONCERN = """pack: concern
rules:
  concern:
    title: Too much is missed
    because: "{absence_rate.numerator} sessions missed"
    when:
      all:
        - absence_rate: {over: year to date, at_least: 5}
        - possible_sessions: {over: year to date, at_least: 20}
    ladder: concern
    stage: 1
    episode: school year
    autonomy: %s
    then:
      - task: {do: talk, by: attendance_officer, due: 2 school days}
      - message: {template: %s, channel: %s, purpose: %s}
"""


def holding(story: Story, template: str, channel: str, purpose: str = "letters") -> Story:
    """One rule that writes so, and a child for whom it holds."""
    autonomy = "propose" if purpose == "statutory" else "approve"
    text = CONCERN % (autonomy, template, channel, purpose)
    story.library = Library((SchoolSource(Source("trust", "concern.yaml", text)),))
    assert story.library.for_school("S").problems == ()
    return story


def drafted(story: Story) -> list[Message]:
    """What the run of Monday drafted, by contact."""
    story.register(f"{DAY}T09:15")
    story.run(f"{DAY}T09:20")
    return sorted(story.messages(), key=lambda each: each.contact_id)


def test_where_the_rules_own_way_reaches_nobody_another_one_does(story: Story) -> None:
    """A landline and an e-mail address: the first-day words go by e-mail, with their title."""
    only = contact("P1", phone="020 7946 0991", email="una@example.org")
    story.opens(pupil("P1", first_name="Noor"), contacts=(only,)).register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    (message,) = story.messages()
    assert (message.channel, message.address, message.language) == ("email", "una@example.org", "en")
    assert "Noor" in message.title
    story.send(f"{DAY}T09:25")
    cover = story.post.took[0].cover
    assert cover
    assert (cover.title, cover.school, cover.ref) == (message.title, "Sample School", message.ref)


def test_what_the_law_asks_for_goes_to_each_parent_and_says_so(story: Story) -> None:
    """Mother and father by name, each with a reference of their own; an aunt at home is no parent."""
    parents = (
        contact("P1", 1, address=HOME, name="Una Oak", relationship="mother"),
        contact("P1", 2, address="9 Elm Road, Southampton, SO15 2AB", name="Sam Oak", lives_with=False),
        contact("P1", 3, address=HOME, relationship="aunt", parental_responsibility=False),
    )
    holding(story, "notice-to-improve", "letter", "statutory")
    story.opens(pupil("P1"), contacts=parents, before={"P1": "OO OO O/"})
    letters = drafted(story)
    assert [each.contact_id for each in letters] == ["P1-1", "P1-2"]
    assert ["Dear Una Oak" in letters[0].text, "Dear Sam Oak" in letters[1].text] == [True, True]
    assert len({each.ref for each in letters}) == 2
    assert {each.state for each in letters} == {MessageState.AWAITING_APPROVAL}


def test_a_translation_goes_once_a_speaker_has_approved_it(story: Story) -> None:
    """Before: English, with a note. Approved: the words in Polish, counts and dates in figures."""
    polish = contact("P1", language="Polish")
    story.opens(pupil("P1"), pupil("P2"), contacts=(polish, contact("P2", language="polski")))
    story.register(f"{DAY}T09:15", P1="N/")
    story.run(f"{DAY}T09:20")
    (english,) = story.messages()
    assert english.language == "en"
    assert "no approved Polish wording: sent in English" in english.said
    wording = templates()["first-day", "sms", "pl"]
    with story.store.transaction() as unit:
        given = (wording.name, wording.channel, wording.language, wording.version)
        unit.approve_template(TemplateApproval(*given, "S", "ao", story.now, "a speaker has read it"))
    story.register("2025-11-11T09:15", P2="N/")
    story.run("2025-11-11T09:20")
    translated = next(each for each in story.messages() if each.subject == "P2")
    assert (translated.language, translated.template_version) == ("pl", wording.version)
    assert "11/11/2025" in translated.text


def test_a_letter_says_what_was_tried_and_offered_and_comes_in_large_print(story: Story) -> None:
    """Kinds and dates of the history, never its notes; a wish for large print reaches the paper."""
    history = (
        Event("P1", "S", "meeting", date(2025, 10, 14), note="mother cried"),
        Event("P1", "S", "support_offered", date(2025, 10, 20), note="secret"),
    )
    holding(story, "attendance-concern", "letter")
    story.opens(pupil("P1"), contacts=(contact("P1", address=HOME),), history=history, before={"P1": "OO OO"})
    with story.store.transaction() as unit:
        unit.say_wish(Wish("S", "P1-1", "", About.LARGE_PRINT, "yes", "ao", story.now, "", "big letters"))
    (letter,) = drafted(story)
    assert "a meeting on Tuesday 14 October" in letter.text
    assert "support on Monday 20 October" in letter.text
    assert not any(word in letter.text for word in ("cried", "secret"))
    assert "| Monday 6 October | all day |" in letter.text
    with story.store.transaction() as unit:
        unit.update((), (), [_approved(letter)], story.now)
    story.send(f"{DAY}T10:00")
    cover = story.post.took[0].cover
    assert cover
    assert cover.large_print


def test_about_a_looked_after_child_carer_and_social_worker_are_written_to(story: Story) -> None:
    """One letter each, of one stage of one case; both leave on one day."""
    carer = contact("P1", address=HOME, relationship="foster carer", parental_responsibility=False)
    worker = contact("P1", 2, address="County Hall, Southampton, SO14 7LY", relationship="social worker")
    worker = replace(worker, lives_with=False, parental_responsibility=False)
    holding(story, "attendance-concern", "letter")
    story.opens(pupil("P1", looked_after=True), contacts=(carer, worker), before={"P1": "OO OO"})
    both = drafted(story)
    assert [each.contact_id for each in both] == ["P1-1", "P1-2"]
    with story.store.transaction() as unit:
        unit.update((), (), map(_approved, both), story.now)
    story.send(f"{DAY}T10:00")
    assert [each.contact_id for each in story.post.took] == ["P1-1", "P1-2"]


def test_without_words_nobody_is_written_to(story: Story) -> None:
    """A person writes instead: the task is there, the reason too."""
    holding(story, "attendance-concern", "letter")
    story.opens(pupil("P1"), contacts=(contact("P1", address=HOME),), before={"P1": "OO OO"})
    story.register(f"{DAY}T09:15")
    fewer = {key: each for key, each in templates().items() if key[0] != "attendance-concern"}
    done = story.run_day(words=fewer).run(story.now, in_full=True)
    assert reasons(done, "concern") == ["rule_holds", "no_words"]
    assert (len(story.tasks()), story.messages()) == (1, [])


def _approved(letter: Message) -> Message:
    return replace(letter, state=MessageState.QUEUED, approved_by="head", approved_at=letter.made_as_of)
