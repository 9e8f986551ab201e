"""The published tables that GOV.UK Notify's own code is held to: numbers, e-mail addresses, SMS.

Every case passes, or stands below among the deliberate differences with its argument (docs/decisions/028).
A case that begins to pass, or a table that grows, fails until it is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import pytest

from messaging.email_addresses import Email, email
from messaging.phones import Mobile, NotMobile, Unusable, as_read, mobile, telephone
from messaging.sms import outside_gsm_7, sms_parts, with_look_alikes

PUBLISHED: Final = Path(__file__).parents[2].parent / "shared" / "data" / "conformance"

GUESSED: Final = "a muddled prefix: a number that must be guessed at is one for a person to look at"
REDIRECTED: Final = "070 is a paid redirection: who is behind it, and at what price, nobody can tell"
ABROAD: Final = "a number abroad: no school service here sends there, staff ring it"
ANY_COLUMN: Final = "it is told of any column of a spreadsheet; ours comes from the telephone field alone"
NAMES: Final = (
    "a letter with what stands above it is part of a name: it is sent as it is, in UCS-2, and paid for"
)
AS_SENT: Final = "no ? in the place of a picture: what is sent is counted, and no template may have one"
TEMPLATE: Final = "there (( )) is a placeholder and is filled in before counting; here it is four characters"

MOBILES: Final = ("valid_uk_mobile", "ofcom_drama_numbers_valid", "valid_crown_dependency")
MENDED: Final = "obfuscated_real_world_valid"
WHY: Final = {
    "UNKNOWN_CHARACTER": {NotMobile.NOT_A_NUMBER},
    "TOO_LONG": {NotMobile.NOT_VALID, NotMobile.NOT_UK},
    # 0845 46 46 and 0900 numbers are in use, only not for texts.
    "INVALID_NUMBER": {NotMobile.NOT_VALID, NotMobile.NOT_UK, NotMobile.OTHER_SERVICE},
    "NOT_A_UK_MOBILE": {NotMobile.LANDLINE, NotMobile.OTHER_SERVICE, NotMobile.NOT_UK},
}
DIFFERENT_NUMBERS: Final = {
    "valid_international": (13, ABROAD),
    "numeric_sender_required": (4, ABROAD),
}
DIFFERENT: Final = {
    # numbers
    "+07044123456": REDIRECTED,
    **dict.fromkeys(
        (
            "0+44(0)7779123456", "0+447988123456", "04407379123456", "0447300123456", "000007392123456",
            "0007465123456", "007341123456", "001708123456", "+01158123456", "+01323123456", "+03332123456",
        ),
        GUESSED,
    ),
    "+04915161123456": ABROAD,
    **dict.fromkeys(("20-12-1234-1234", "00201212341234", "1-202-555-0104", "+23052512345"), ABROAD),
    **dict.fromkeys(("1664 491 3789", "7 499 1231212", "33(0)1 12345678", "+1 928-282-4541"), ABROAD),
    **dict.fromkeys(("foo", "TeSt@ExAmPl3.com"), ANY_COLUMN),
    # characters and texts
    "ç": NAMES,
    "Łōdź": NAMES,
    **dict.fromkeys(("😬", "↉", "\U0002f9f4", "It Just Works™"), AS_SENT),
    "Ŵêlsh chârâctêrs ârê cômpâtîblê wîth SanitiseSMS": NAMES,
}  # fmt: skip


def _table(name: str) -> Any:  # noqa: ANN401 - the shape is the table's
    path = PUBLISHED / f"{name}.json"
    if not path.exists():
        pytest.skip(f"the published table {name} lies beside the checkout, and is not there")
    return json.loads(path.read_text(encoding="utf-8"))


def _e164(written: str) -> str:
    found = mobile(written)
    return found.e164.removeprefix("+") if isinstance(found, Mobile) else ""


def _rung(written: str) -> str:
    found = telephone(written)
    return as_read(found) if isinstance(found, str) else ""


def _differ(cases: Sequence[tuple[str, object]], ours: Callable[[str], object]) -> set[str]:
    return {given for given, wanted in cases if ours(given) != wanted}


def test_every_published_number() -> None:
    """133 numbers in 15 groups: the mobiles in one form, the others refused for a reason that fits."""
    groups = _table("uk_phone_numbers")
    assert sum(map(len, groups.values())) == 133
    refused = 0
    for name, rows in groups.items():
        for row in rows:
            given = row if isinstance(row, str) else str(row["input"])
            if name in MOBILES:
                wanted = row if isinstance(row, str) else f"+{row['e164_digits']}"
                assert mobile(given) == Mobile(wanted, fictional=wanted.startswith("+447700900")), given
            error = "" if isinstance(row, str) else row.get("error") or row.get("error_when_mobile_required")
            if error:
                found = mobile(given)
                assert isinstance(found, Unusable), given
                assert found.why in WHY[error], (given, found)
                refused += 1
    assert refused == 57
    for name, (count, _) in DIFFERENT_NUMBERS.items():
        theirs = [mobile(row if isinstance(row, str) else row["input"]) for row in groups[name]]
        assert (len(theirs), all(isinstance(each, Unusable) for each in theirs)) == (count, True), name


def test_published_numbers_that_we_see_otherwise() -> None:
    """What that service mends, shows or sends abroad: either the same here, or with its argument."""
    groups = _table("uk_phone_numbers")
    mended = [(row["input"], row["e164_digits"]) for row in groups[MENDED]]
    assert _differ(mended, _e164) == {given for given, _ in mended} & set(DIFFERENT)
    sent_to = [(row["input"], row["country_prefix"] == "44") for row in groups["international_info"]]
    assert _differ(sent_to, lambda given: bool(_e164(given))) == set()
    for group in ("human_readable", "format_recipient"):
        shown = [(str(row["input"]), row["formatted"]) for row in groups[group]]
        ours = _rung if group == "human_readable" else _e164
        differ = _differ(shown, ours)
        assert differ == {given for given, _ in shown} & set(DIFFERENT)
        assert all(ours(given) == "" for given in differ), "never another number than theirs"


def test_every_published_email_address() -> None:
    """17 to take, 30 to refuse, 4 to strip: no difference at all."""
    table = _table("email_addresses")
    assert [len(table[name]) for name in ("valid", "invalid", "stripped_to_valid")] == [17, 30, 4]
    for given in table["valid"]:
        assert email(given) == Email(given.lower(), fictional=False), given
    assert [given for given in table["invalid"] if isinstance(email(given), Email)] == []
    for row in table["stripped_to_valid"]:
        assert email(row["input"]) == Email(row["result"], fictional=False), row


def test_every_published_character() -> None:
    """Punctuation and spaces become what plain SMS has; letters stay what they are."""
    table = _table("sms_character_downgrade")
    assert [len(table[name]) for name in ("characters", "strings", "non_gsm_characters")] == [24, 3, 6]
    cases = [(row["char"], row["sms"]) for row in table["characters"]]
    cases += [(row["content"], row["encoded"]) for row in table["strings"]]
    differ = _differ(cases, with_look_alikes)
    assert differ == {given for given, _ in cases} & set(DIFFERENT)
    assert all(with_look_alikes(given) == given for given in differ), "what differs is left as it is"
    left = [(row["content"], tuple(row["non_gsm"])) for row in table["non_gsm_characters"]]
    found = _differ(left, lambda given: outside_gsm_7(with_look_alikes(given)))
    assert found == {given for given, _ in left} & set(DIFFERENT)


def test_every_published_count_of_parts() -> None:
    """All but the pictures, which that service replaces first, and the placeholders, which it fills in."""
    rows = _table("sms_fragment_counts")
    assert len(rows) == 34
    differ = [row["content"] for row in rows if sms_parts(row["content"]) != row["fragments"]]
    assert {AS_SENT if "\N{ROCKET}" in text else TEMPLATE if "((" in text else text for text in differ} == {
        AS_SENT,
        TEMPLATE,
    }
    assert len(differ) == 4
