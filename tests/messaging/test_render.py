"""Words as families read them, and everything a template or a value may not do."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from messaging.render import render, render_title, used
from messaging.templates import Template, TemplateError, load

SHIPPED: Final = load()
FIRST_DAY: Final = SHIPPED["first-day", "sms", "en"]
CONCERN: Final = SHIPPED["attendance-concern", "sms", "en"]
VALUES: Final = {
    "child": "Amara",
    "school": "Ashgrove Academy",
    "session": "the morning of Monday 10 November",
    "days": "4 and a half days",
    "lessons": "about 22 lessons",
    "since": "September",
    "staff": "Mr Iqbal",
    "stage": "1",
}


def worded(
    body: str, mentions: tuple[str, ...] = ("child", "days", "stage"), channel: str = "sms", title: str = ""
) -> Template:
    """A template of these words, its body on line 7 of its file."""
    return Template(
        "t",
        channel,
        "en",
        body,
        "0" * 12,
        "absence",
        "office",
        "When.",
        mentions,
        Path("t/sms.en.txt"),
        7,
        title,
    )


def test_the_first_day_text() -> None:
    """It names the school, the child and the session, thanks those who have told us, and asks one thing."""
    assert render(FIRST_DAY, {**VALUES, "ref": "K7M3Q2XA"}) == (
        "Ashgrove Academy: Amara was marked absent on the morning of Monday 10 November "
        "and we do not know why yet. If you told us, thank you. "
        "If not, please call the school office today so we know all is well. Ref K7M3Q2XA"
    )


@pytest.mark.parametrize("name", ["first-day", "attendance-concern", "attendance-improved", "days-missed"])
def test_the_texts_of_the_rules_need_no_more_than_evidence_gives(name: str) -> None:
    """What is not given is one child without anything to heed: no gap, no dangling word."""
    text = render(SHIPPED[name, "sms", "en"], VALUES)
    assert re.search(r"Amara (was|has|missed)", text)
    assert not re.search(r"Ref|  |\( ?\)| \.", text)


@pytest.mark.parametrize("stage", ["1", "2", "3"])
def test_the_concern_text_helps_before_it_counts(stage: str) -> None:
    """Each stage offers help first, then days and lessons, then a person; no percentage and no threat."""
    text = render(CONCERN, {**VALUES, "stage": stage})
    help_, count, person = (text.index(words) for words in ("help", "4 and a half days", "Mr Iqbal"))
    assert help_ < count < person
    assert "(about 22 lessons) since September" in text
    assert not re.search(r"%|percent|fine|penalt|court|legal|must", text)
    assert render(CONCERN, {**VALUES, "stage": stage, "lessons": ""}).count("of school since") == 1


def test_the_stages_differ() -> None:
    """Three stages, three wordings."""
    assert len({render(CONCERN, {**VALUES, "stage": stage}) for stage in "123"}) == 3


def test_a_letter_keeps_its_paragraphs_and_a_line_of_tags_leaves_none() -> None:
    """Blocks stand apart by one empty line, wrapped lines are one, a branch not taken is no hole."""
    body = """
Dear {{ child }},

It is
good.
{% if stage == '2' %}
Not said.
{% endif %}
{% if stage == '1' %} {% if days %}
So it is.
{% endif %}{% endif %}


## Next
- one
- two
{{ dates }}
Thank you.
"""
    letter = worded(body, ("child", "stage", "days", "dates"), "letter", "To {{ child }},\n  {{ days }}")
    rows = "| Date |\n| 3 May |\nno row"
    values = {**VALUES, "dates": rows}
    assert render(letter, values).split("\n\n") == [
        "Dear Amara,", "It is good. So it is.", "## Next", "- one\n- two", "| Date |\n| 3 May |",
        "Thank you.",
    ]  # fmt: skip
    assert render_title(letter, values) == "To Amara, 4 and a half days"
    broken = replace(letter, body=body.replace("days %}\nSo", "dais %}\nSo"))
    with pytest.raises(TemplateError, match=r"^t/sms\.en\.txt:15: 'dais'"):
        used(broken)


def test_a_value_is_no_markup() -> None:
    """A name that looks like a heading, an item or a row begins no such thing."""
    letter = worded("{{ child }} is here.", channel="letter")
    assert [render(letter, {"child": name}) for name in ("## Ada", "- Ada", "| Ada")] == ["Ada is here."] * 3


def test_what_decides_is_told_from_what_is_only_said() -> None:
    """Names in a condition, also of a title; and the line on which each is first used."""
    letter = worded(
        "{{ days }}\n{% if stage == '1' and not child %}x{% endif %}", title="{% if days %}x{% endif %}"
    )
    assert used(letter).deciding == {"stage", "child", "days"}
    assert used(letter).lines == {"days": 1, "stage": 8, "child": 8}


@pytest.mark.parametrize(
    "name",
    [
        "{{ school }}",
        "{% if child %}",
        "<b>Amara</b>",
        "O'Neill & Co",
        "Zoë",
        "Łukasz",
        "{{ 7 * 7 }}",
        "{# x #}",
        "%s",
    ],
)
def test_a_name_is_data(name: str) -> None:
    """Braces, markup and accents in a name come out exactly as they went in."""
    assert render(worded("Dear {{ child }}."), {"child": name}) == f"Dear {name}."


@pytest.mark.parametrize(
    ("value", "flat"),
    [
        ("Amara\r\nTo: +447700900123\n", "Amara To: +447700900123"),
        ("A\x00m\x1b[31mara", "A m [31mara"),
        ("\u202earamA\u2066", "aramA"),
        ("Zoe\u0308\u2028 Bell", "Zoë Bell"),
        ("نی\u200cما", "نی\u200cما"),
        ("Am\ud800ara", "Am ara"),
    ],
)
def test_values_are_flattened(value: str, flat: str) -> None:
    """No value opens a new line, turns the writing round or hides a mark; joiners of a script stay."""
    assert render(worded("Dear {{ child }}."), {"child": value}) == f"Dear {flat}."


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (
            {},
            "no value is given for 'child' (the child's first name; of several, `Ada",
        ),
        (
            {"staff": "x"},
            "no value is given for 'child' (the child's first name; of several, `Ada",
        ),
        (
            {"child": " \n"},
            "the value of 'child' (the child's first name; of several, `Ada and Ben`) is empty",
        ),
        ({"child": "Amara"}, "no value is given for 'stage'"),
        ({"child": "Amara", "stage": "4"}, "'stage' is '4' and can only be 1, 2, 3"),
        ({"child": "Amara", "stage": ""}, "the value of 'stage' (how far"),
    ],
)
def test_a_missing_value_stops_the_text(values: dict[str, str], words: str) -> None:
    """A gap in a text is an error with its line, also in a branch that is not taken."""
    template = worded("Dear\n{{ child }}{% if child == 'Bo' %}\n{{ stage }}{% endif %}")
    line = 9 if "stage" in words else 8
    with pytest.raises(TemplateError, match=rf"^t/sms\.en\.txt:{line}: {re.escape(words)}") as raised:
        render(template, values)
    assert "Dear" not in str(raised.value)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("Dear\n{{ chidl }}", 8, "'chidl' is no variable of a message; there are: child, school"),
        ("Dear {{ school }}", 7, "'school' is not on this template's list of variables (child, days, stage)"),
        ("Dear\n\n{% if child %}", 9, "this cannot be read as a template"),
        ("{{ child.__class__ }}", 7, "cannot use this (getattr)"),
        ("{{ child['x'] }}", 7, "cannot use this (getitem)"),
        ("{{ child() }}", 7, "cannot use this (call)"),
        ("\n{{ child|upper }}", 8, "cannot use this (filter)"),
        ("{% for x in child %}{% endfor %}", 7, "cannot use this (for)"),
        ("{% set child = '1' %}", 7, "cannot use this (assign)"),
        ("{% include 'other' %}", 7, "cannot use this (include)"),
        ("{{ child * 9 }}", 7, "cannot use this (mul)"),
        ("{% if days < '5' %}{% endif %}", 7, "cannot use this (compare)"),
        ("{% if stage == 1 %}a{% endif %}", 7, "1 needs quotes"),
        ("{% if stage == '4' %}a{% endif %}", 7, "stage is never '4': it can only be 1, 2, 3"),
        ("\n{% if not stage %}a{% endif %}", 8, "stage alone always holds: write stage == '1'"),
        ("{% if child and stage %}a{% endif %}", 7, "stage alone always holds"),
    ],
)
def test_what_a_template_may_not_say(body: str, line: int, words: str) -> None:
    """Every construct that could go wrong at night is refused by day, with its line."""
    with pytest.raises(TemplateError, match=rf"(?m)^t/sms\.en\.txt:{line}: .*{re.escape(words)}"):
        render(worded(body), VALUES)


def test_nothing_left_is_an_error() -> None:
    """A text whose branches are all empty is not sent as nothing."""
    with pytest.raises(TemplateError, match="nothing is left to send"):
        render(worded("{% if stage == '2' %}Hello{% endif %}"), VALUES)


def test_an_edited_template_is_compiled_again() -> None:
    """The cache goes by the words, not by the name."""
    template = worded("Dear {{ child }}")
    assert render(template, VALUES) == "Dear Amara"
    assert render(replace(template, body="Hello {{ child }}"), VALUES) == "Hello Amara"
