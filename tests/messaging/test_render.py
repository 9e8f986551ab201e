"""Texts as families read them, and everything a template or a value may not do."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from messaging.render import check, render
from messaging.sms import sms_parts
from messaging.templates import Template, TemplateError, load
from messaging.variables import VARIABLES

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


def worded(body: str, mentions: tuple[str, ...] = ("child", "days", "stage")) -> Template:
    """A template of these words, its body on line 7 of its file."""
    return Template(
        "t", "sms", "en", body, "0" * 12, "absence", "office", "When.", mentions, Path("t/sms.en.txt"), 7
    )


def test_the_first_day_text() -> None:
    """It names the school, the child and the session, thanks those who have told us, and asks one thing."""
    assert render(FIRST_DAY, VALUES) == (
        "Ashgrove Academy: Amara was marked absent on the morning of Monday 10 November "
        "and we do not know why yet. If you have told us, thank you, please ignore this. "
        "If not, please call the school office today so we know Amara is safe."
    )


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


@pytest.mark.parametrize("template", SHIPPED.values(), ids=lambda template: template.name)
def test_shipped_templates_pass_their_own_check(template: Template) -> None:
    """Two parts with long names, GSM-7, well under 150 words, and short sentences."""
    check(template)
    text = render(template, {name: variable.samples[0] for name, variable in VARIABLES.items()})
    assert sms_parts(text) <= 2
    assert max(len(sentence.split()) for sentence in re.split(r"[.?:] ", text)) <= 28


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
        ({}, "no value is given for 'child' (the child's first name); given are: none"),
        ({"staff": "x"}, "no value is given for 'child' (the child's first name); given are: staff"),
        ({"child": " \n"}, "the value of 'child' (the child's first name) is empty"),
        ({"child": "Amara"}, "no value is given for 'stage'"),
        ({"child": "Amara", "stage": "4"}, "'stage' is '4' and can only be 1, 2, 3"),
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
    ],
)
def test_what_a_template_may_not_say(body: str, line: int, words: str) -> None:
    """Every construct that could go wrong at night is refused by day, with its line."""
    for use in (check, lambda template: render(template, VALUES)):
        with pytest.raises(TemplateError, match=rf"^t/sms\.en\.txt:{line}: .*{re.escape(words)}"):
            use(worded(body))


@pytest.mark.parametrize(
    ("body", "mentions", "words"),
    [
        ("{{ child }} has 90% attendance.", ("child",), "a percentage alone"),
        ("{{ child }} has 90 per cent.", ("child",), "a percentage alone"),
        ("{{ child }}, today: 10 Percent.", ("child",), "a percentage alone"),
        (
            "{% if stage == '2' %}10 % on Monday{% else %}{{ days }}{% endif %}",
            ("stage", "days"),
            "a percentage",
        ),
        ("{{ child }}" + " and so on" * 30, ("child",), "takes 3 SMS parts, 2 is the most"),
        ("{{ child }}\u2019s day", ("child",), "\u2019 cannot be sent as plain SMS"),
        ("Dear parent", ("child",), "'child' is listed above and not used"),
        ("{% if stage == '1' %}Hello{% endif %}", ("stage",), "nothing is left to send"),
    ],
)
def test_the_check_refuses(body: str, mentions: tuple[str, ...], words: str) -> None:
    """Percentages without days, long texts, curly quotes and empty branches are found before use."""
    with pytest.raises(TemplateError, match=re.escape(words)):
        check(worded(body, mentions))


def test_a_percentage_beside_days_is_allowed() -> None:
    """With the days said, a percentage may stand."""
    check(worded("{{ child }} missed {{ days }}, 5%.", ("child", "days")))


def test_an_edited_template_is_compiled_again() -> None:
    """The cache goes by the words, not by the name."""
    template = worded("Dear {{ child }}")
    assert render(template, VALUES) == "Dear Amara"
    assert render(replace(template, body="Hello {{ child }}"), VALUES) == "Hello Amara"
