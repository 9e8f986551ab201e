"""What the lint says of wordings that families should not read, and that it has nothing to say of ours."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.golden import differences, shown
from messaging.lint import faults, faults_everywhere, faults_of
from messaging.lint.says import MOST_PARTS, MOST_PARTS_UNICODE
from messaging.lint.tries import with_long_names
from messaging.scripts import ALL_SCRIPTS
from messaging.sms import sms_parts
from messaging.templates import CHANNEL_KINDS, Template, load

SHIPPED: Final = load()
LIVES: Final = ("medical", "send", "carer", "bereavement")
TEXT: Final = "{{ school }}: {{ child }} {{ was }} away on {{ session }}. Ref {{ ref }}"
LETTER: Final = (
    "Dear {{ addressee }},\n\n{{ child }} {{ was }} away.\n\n{{ dates }}\n\nPlease call. Ref {{ ref }}"
)
NAMES: Final = ("child", "school", "session", "days", "lessons", "ref", "was", "dates", "addressee", "reason")
HARD: Final = "Unfortunately organisational considerations necessitate collaborative conversations."
STANDS: Final = {"title": 2, "purpose": 3, "variables": 4, "reading_age": 5, "same_for": 6, "translates": 2}


def template(body: str, channel: str = "sms", **front: object) -> Template:
    """A wording that lists just what it uses and says the same to everybody."""
    listed = (*NAMES, "percent", "stage", "tried", *LIVES)
    named = tuple(name for name in listed if f"{name} " in body.replace("%}", " "))
    lives = tuple(life for life in LIVES if life not in named)
    source, title = Path(f"t/{channel}.en.txt"), "" if channel == "sms" else "News"
    made = Template(
        "t", channel, "en", body, "0" * 12, "absence", "office", "Today.", named, source, 7, title,
        reading_age=9, same_for=lives, stands=tuple(STANDS.items()),
    )  # fmt: skip
    return replace(made, **front)  # type: ignore[arg-type]


def said(of: Template, english: Template | None = None) -> list[str]:
    """The faults, without the name of the file."""
    return [f"{fault.line}: {fault.sentence}" for fault in faults(of, english)]


def test_the_shipped_wordings_are_without_mistakes() -> None:
    """Every check over every template, every branch, long names and short; all scripts are there."""
    assert faults_everywhere(SHIPPED) == []
    assert {(name, "call", "en") for name in ALL_SCRIPTS} <= SHIPPED.keys()
    assert len(SHIPPED) >= 40


def test_shipped_words_are_those_of_their_golden_files() -> None:
    """No word of a branch changes unseen."""
    assert [fault for each in SHIPPED.values() for fault in differences(each)] == []
    assert [
        each.source for each in SHIPPED.values() if each.language == "en" and not each.golden.is_file()
    ] == []


def test_no_shipped_text_has_too_many_parts_whatever_the_names() -> None:
    """Counted apart from the lint: two parts in GSM-7, four where the letters need UCS-2."""
    texts = [each for each in SHIPPED.values() if each.channel == "sms"]
    most = {each.key: max(sms_parts(one.text) for one in with_long_names(each)) for each in texts}
    assert {key: parts for key, parts in most.items() if parts > MOST_PARTS} == {
        ("first-day", "sms", code): parts
        for code in ("ar", "pl", "ur")
        if (parts := most["first-day", "sms", code]) in range(MOST_PARTS + 1, MOST_PARTS_UNICODE + 1)
    }


def test_ten_lives_get_other_words() -> None:
    """For each life a letter that heeds it says something else than the letter for everybody."""
    for name in ("attendance-concern", "continuing-absence", "meeting-invitation", "days-missed"):
        words = {each.case: each.text for each in shown(SHIPPED[name, "letter", "en"])}
        first = "stage 1" if name == "attendance-concern" else "plain"
        own = [words[f"stage 1, {life}" if first == "stage 1" else life] for life in LIVES]
        assert len({words[first], *own}) == 5


def test_a_good_text_and_a_good_letter_pass() -> None:
    """What the mistakes below are made from is right."""
    assert said(template(TEXT)) == []
    assert said(template(LETTER, "letter")) == []
    assert said(template("Say that {{ child }} {{ was }} missed.", "call")) == []


@pytest.mark.parametrize(
    ("body", "channel", "found"),
    [
        (TEXT + "\nWe have a 5 % rate", "sms", "8: a percentage: say days or lessons instead"),
        (TEXT + " " + "and so on " * 16, "sms", "7: with long names this takes 3 SMS parts, 2 is the most"),
        (TEXT + "\n{{ child }}\u2019s day", "sms", "8: \u2019 cannot be sent as plain SMS: use straight"),
        (TEXT + " {{ reason }}", "sms", "7: reason may tell of a child's health: a text never does"),
        (TEXT + "\nSee a doctor.", "sms", "8: 'doctor' tells of health: leave it out, anybody may read"),
        (LETTER + "\n\nSee a\ndoctor.", "letter", "16: 'doctor' tells of health: leave it out, or let"),
        (TEXT + "\nOr a penalty notice.", "sms", "8: 'penalty notice' speaks of the law: leave it out"),
        (TEXT + "\nThis is\nunacceptable.", "sms", "9: 'unacceptable' is not for families: say what was"),
        (TEXT + "\nOr\nelse.", "sms", "7: 'Or else' is not for families: say what happens next"),
        (TEXT + " For SEND.", "sms", "7: 'SEND' is not for families: extra needs"),
        (TEXT.replace(" Ref {{ ref }}", ""), "sms", "7: no ref: a family must be able to quote it"),
        (TEXT.replace(" on {{ session }}", ""), "sms", "7: no date or session is named: write {{ session }}"),
        (LETTER + " so" * 160, "letter", "7: 170 words, 150 is the most, tables apart"),
        (LETTER + f"\n\n{HARD}", "letter", "5: this reads at age"),
        ("{% if send == 'yes' %}" + TEXT + "{% endif %}", "sms", "7: nothing is left to send"),
        ("{% if send == 'yes' %}{% endif %}" + TEXT, "sms", "7: the words for send are those for everybody"),
        (
            "{% if tried %}" + LETTER + "{% else %}Hello.{% endif %}",
            "letter",
            "7: no ref (no tried): a family",
        ),
        (TEXT + "{{ chlid }} {{ chidl }}", "sms", "7: 'chidl' is no variable of a message"),
    ],
)
def test_each_mistake_is_told_with_its_line(body: str, channel: str, found: str) -> None:
    """file:line: what is wrong, what to do."""
    assert [line for line in said(template(body, channel)) if found in line] != []


@pytest.mark.parametrize(
    ("front", "found"),
    [
        ({"same_for": LIVES[1:]}, "7: nothing is said for medical: write {% if medical == 'yes' %}"),
        (
            {"mentions": ("child", "school", "session", "ref", "was", "days")},
            "4: 'days' is listed and not used",
        ),
        ({"mentions": ("child", "school", "session", "ref", "was", "dasy")}, "4: 'dasy' is no variable"),
        ({"reading_age": 14}, "5: a reading age of 14: 11 is the most"),
        ({"purpose": "statutory"}, "3: what is statutory goes to each parent by letter"),
    ],
)
def test_front_matter_is_held_against_the_words(front: dict[str, Any], found: str) -> None:
    """What the keys promise, the words keep."""
    assert [line for line in said(template(TEXT, **front)) if line.startswith(found)] != []


def test_words_of_its_own_and_the_same_words_are_a_contradiction() -> None:
    """A branch for a life that is said to get the same words is one of two mistakes."""
    body = TEXT + "{% if send == 'yes' %} We can help.{% endif %}"
    assert said(template(body)) == []
    assert said(template(body, same_for=LIVES)) == ["6: send has words of its own: take it off same_for"]


def test_all_mistakes_of_a_template_are_told_at_once() -> None:
    """Not the first alone: five in one text."""
    found = said(
        template("{{ child }} {{ was }} absent. Final warning! 90 % or a fine. See a GP.", same_for=LIVES[:3])
    )
    told = ("for bereavement", "no ref", "no date", "a percentage", "'Final warning'", "'fine'", "'GP'")
    assert [word for word in told if not any(word in line for line in found)] == []


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (
            "{{ percent }} in school.",
            ["13: a percentage alone tells a family little: say the days or lessons missed"],
        ),
        (
            "{{ percent }} in school, {{ days }} missed.",
            ["13: a percentage before the days: say the days or lessons first"],
        ),
        ("{{ days }} missed, {{ percent }} in school.", []),
    ],
)
def test_a_percentage_follows_the_days(body: str, found: list[str]) -> None:
    """Even where it may be said: never alone, never first."""
    assert said(template(LETTER + " " + body, "letter", may_mention=("percent",))) == found


def test_law_and_health_may_be_mentioned_where_they_may() -> None:
    """A letter that says so may speak of both, and may be harder to read."""
    body = LETTER + " You may get a fine. See a doctor."
    assert said(template(body, "letter", may_mention=("law", "health"), reading_age=13)) == []


def test_a_phrase_of_the_title_is_found_there() -> None:
    """At the line of the key."""
    assert said(template(LETTER, "letter", title="A final warning")) == [
        "2: 'final warning' is not for families: name the meeting or the step"
    ]


def test_a_translation_is_held_against_its_english() -> None:
    """The present version, its purpose, its variables but for English grammar; no English word lists."""
    english = template(TEXT, version="0123456789ab")
    body = TEXT.replace("{{ was }} away on", "to fine: nieobecność,")
    polish = replace(
        template(body, version="b" * 12), language="pl", translates="0123456789ab", reading_age=0
    )
    assert said(polish, english) == []
    assert said(polish, None) == ["2: there is no sms.en.txt beside it to translate"]
    stale = replace(english, version="c" * 12, purpose="praise", mentions=(*english.mentions, "days"))
    found = said(polish, stale)
    assert found[0].startswith(
        "2: it translates 0123456789ab, and the English is now cccccccccccc: let a speaker"
    )
    assert found[1:] == [
        "3: its purpose is that of the English: write praise",
        "4: the English says days, this does not: add it",
    ]
    wordy = replace(polish, body=body + " żółć" * 40)
    assert "with long names this takes 6 SMS parts, 4 is the most" in said(wordy, english)[0]
    named = (*polish.mentions, "percent", "days")
    letter = replace(polish, channel="letter", may_mention=("percent",), mentions=named)
    figures = replace(letter, body=body + "{{ percent }} {{ days }}")
    assert "a percentage before the days" in said(figures, replace(english, channel="letter"))[-1]


def test_a_missing_script_for_a_common_reason_is_a_mistake() -> None:
    """Named where it should lie; a set without scripts is a part of one."""
    fewer = {key: each for key, each in SHIPPED.items() if key[0] != "call-late"}
    (fault,) = faults_of(fewer)
    assert fault.source.parts[-2:] == ("call-late", "call.en.txt")
    assert "every common reason has a script for the telephone" in fault.sentence
    assert faults_of({key: each for key, each in SHIPPED.items() if key[0] == "first-day"}) == []


WORDS: Final = (
    "{{ child }}", "{{ ref }}", "{{ session }}", "{{ days }}", "{{ percent }}", "{% if send == 'yes' %}",
    "{% endif %}", "{% else %}", "{% if stage %}", "{% elif stage == 1 %}", "{{ nobody }}", "{{ child.x }}",
    "{%", "}}", "|", "## ", "- ", "\n", "\n\n", " 90 % ", " fine ", " SEND ", "\u2019", "\x00", "żółć",
    " you must ", ".", "{# x #}", "{{ is }}",
)  # fmt: skip


@given(body=st.lists(st.sampled_from(WORDS), min_size=1).map("".join), channel=st.sampled_from(CHANNEL_KINDS))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_is_told_of_and_never_breaks_the_check(body: str, channel: str) -> None:
    """Any heap of words and tags gets its faults, each on a line of its file."""
    heap = template(body, channel)
    for fault in faults(heap):
        assert 1 <= fault.line <= heap.starts + len(body.splitlines())
