"""The table of providers' codes: whole against what they publish, and every line a sentence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from messaging.channels import provider_codes
from messaging.channels.provider_codes import NAMES, TABLE, Came, meaning, refused

CONTRACTS: Final = Path(provider_codes.__file__).parents[2].parent / "shared" / "contracts"
LINES: Final = [(provider, code) for provider, codes in TABLE.items() for code in codes]
published = pytest.mark.skipif(
    not CONTRACTS.exists(), reason=f"the published contracts are not at {CONTRACTS}"
)


@pytest.mark.parametrize(("provider", "code"), LINES)
def test_every_code_is_a_sentence_that_fits_its_outcome(provider: str, code: str) -> None:
    """Words an officer can act on; only what failed for good is blamed on an address."""
    found = meaning(provider, code)
    assert found.known
    assert " " in found.sentence
    assert not found.sentence.endswith(".")
    assert not found.of_address or found.outcome is Came.FAILED_PERMANENT
    assert not found.of_provider or found.outcome is Came.FAILED_TEMPORARY


@pytest.mark.parametrize("provider", TABLE)
def test_a_code_nobody_knows_changes_nothing_and_says_so(provider: str) -> None:
    """A provider's new word never ends a message, and never passes for success."""
    found = meaning(provider, "brand-new")
    assert (found.outcome, found.known) == (Came.NOTHING_NEW, False)
    assert NAMES[provider] in found.sentence
    assert "'brand-new'" in found.sentence
    assert refused(provider, "brand-new").passing


def test_what_a_refusal_carries() -> None:
    """STOP, a dead number, a wrong key and a crowd are four things that are done differently."""
    stop, dead, key, crowd = (refused("twilio", code) for code in ("21610", "21211", "20003", "20429"))
    assert (stop.passing, stop.of_address, stop.opted_out, stop.of_provider) == (False, True, True, False)
    assert (dead.passing, dead.of_address, dead.opted_out, dead.of_provider) == (False, True, False, False)
    assert (key.passing, key.of_address, key.of_provider) == (True, False, True)
    assert (crowd.passing, crowd.of_provider) == (True, True)
    assert "FIRSTBELL_TWILIO_AUTH_TOKEN" in key.why


@published
def test_every_published_status_of_twilio_is_known() -> None:
    """The contract's own list of what a message can be."""
    contract = json.loads((CONTRACTS / "twilio/twilio_api_v2010_messages.json").read_text(encoding="utf-8"))
    statuses = contract["components"]["schemas"]["message_enum_status"]["enum"]
    assert statuses
    assert [status for status in statuses if status not in TABLE["twilio"]] == []


@published
def test_every_published_status_and_error_of_notify_is_known() -> None:
    """The statuses of all kinds of message, and the types and status codes of errors."""
    folder = CONTRACTS / "govuk_notify"
    texts = {file.name: file.read_text(encoding="utf-8") for file in folder.glob("*.md")}
    statuses = re.findall(r"^\|#`([a-z-]+)`", texts["notification_statuses.md"], re.MULTILINE)
    errors = re.findall(r"\*\*(\w+Error) \(status code (\d+)\)", "".join(texts.values()))
    wanted = {*statuses, *(word for error in errors for word in error)}
    assert {"permanent-failure", "RateLimitError", "403"} <= wanted
    assert sorted(wanted - set(TABLE["govuk_notify"])) == []
