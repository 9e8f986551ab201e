"""Every fault of a network before every provider's stand-in, with the providers' own libraries over HTTP."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from messaging.channels.channel import Accepted, CannotTell, Refused, Unsure
from tests.contracts.faults import SINCE, holds
from tests.servers.fault_proxy import Fault, FaultProxy
from tests.servers.loopback import Answer, Asked, closed_port, serving
from tests.servers.notify_server import SECRET, SERVICE
from tests.servers.providers import EMAIL, LETTER, MESSAGES, PROVIDERS, SENT_BY, TEXT

OTHER_KEYS = {
    "twilio": "another-token",
    "sendgrid": "SG.another",
    "govuk_notify": f"another-{SERVICE}-{SECRET[::-1][:8]}{SECRET[8:]}",
}
KEYS = {
    "twilio": "FIRSTBELL_TWILIO_AUTH_TOKEN",
    "sendgrid": "FIRSTBELL_SENDGRID_API_KEY",
    "govuk_notify": "FIRSTBELL_NOTIFY_API_KEY",
}


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize(("name", "kind"), SENT_BY)
def test_taken_once_whatever_the_network_does(name: str, kind: str, fault: Fault) -> None:
    """Refused where it cannot have gone, unsure where it may have, found where it did."""
    provider = PROVIDERS[name]
    holds(provider, kind, fault, FaultProxy(provider.book()))


@pytest.mark.parametrize("name", PROVIDERS)
def test_nobody_there_is_no_doubt(name: str) -> None:
    """Without a connection nothing can have gone: it waits, and whoever looks is told where to look."""
    provider = PROVIDERS[name]
    channel = provider.channel(f"http://127.0.0.1:{closed_port()}")
    message = MESSAGES[provider.kinds[0]]
    refused = channel.send(message)
    assert isinstance(refused, Refused)
    assert (refused.passing, refused.of_provider) == (True, True)
    assert f"{name}.base_address" in refused.why
    with pytest.raises(OSError, match=r"asked"):
        channel.find(message, SINCE)


@pytest.mark.parametrize("name", PROVIDERS)
def test_a_wrong_key_loses_nothing_and_names_the_key(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """All wait; the variable is named, what it holds is not, nor is it or a number in any log."""
    provider, message = PROVIDERS[name], MESSAGES[PROVIDERS[name].kinds[0]]
    caplog.set_level(logging.DEBUG)
    book = provider.book()
    with serving(FaultProxy(book, lambda asked: book.refusal(asked) or Answer(500))) as address:
        channel = provider.channel(address, secret=OTHER_KEYS[name])
        refused = channel.send(message)
    assert isinstance(refused, Refused)
    assert (refused.passing, refused.of_provider, refused.of_address) == (True, True, False)
    assert KEYS[name] in refused.why
    assert OTHER_KEYS[name] not in f"{refused} {caplog.text} {channel!r}"
    assert message.to not in caplog.text


def _always(status: int, document: object) -> Answer:
    return Answer(status, document)


@pytest.mark.parametrize(
    ("name", "status", "document"),
    [
        ("twilio", 400, {"code": 21211, "message": "Invalid 'To' Phone Number", "status": 400}),
        ("sendgrid", 400, {"errors": [{"message": "no", "field": "personalizations.0.to.0.email"}]}),
        (
            "govuk_notify",
            400,
            {"errors": [{"error": "ValidationError", "message": "phone_number Not enough digits"}]},
        ),
    ],
)
def test_a_dead_address_is_refused_for_good(name: str, status: int, document: object) -> None:
    """The provider says that it is the address: nothing is sent there again."""
    provider = PROVIDERS[name]
    with serving(lambda _: _always(status, document)) as address:
        refused = provider.channel(address).send(MESSAGES[provider.kinds[0]])
    assert isinstance(refused, Refused)
    assert (refused.passing, refused.of_address) == (False, True)


def test_who_sends_is_as_set() -> None:
    """A messaging service in the place of a number; an address for answers; no name where none is set."""
    twilio, sendgrid = PROVIDERS["twilio"], PROVIDERS["sendgrid"]
    service = {"account_sid": twilio.settings["account_sid"], "sender": f"MG{'0' * 32}"}
    office = {"from_address": "head@ashgrove.sch.uk", "reply_to": "office@ashgrove.sch.uk"}
    heard: list[Asked] = []
    for provider, message in (
        (replace(twilio, settings=service), TEXT),
        (replace(sendgrid, settings=office), EMAIL),
    ):
        proxy = FaultProxy(provider.book())
        proxy.hooks.append(lambda asked, _: heard.append(asked))
        with serving(proxy) as address:
            assert isinstance(provider.channel(address).send(message), Accepted)
    assert heard[0].form == {
        "To": TEXT.to,
        "Body": TEXT.text,
        "SmartEncoded": "false",
        "MessagingServiceSid": service["sender"],
    }
    assert heard[1].document["from"] == {"email": "head@ashgrove.sch.uk"}
    assert heard[1].document["reply_to"] == {"email": "office@ashgrove.sch.uk"}


def test_a_sender_that_is_not_taken_stops_all_and_names_the_setting() -> None:
    """It is no fault of the family's address."""
    document = {"errors": [{"message": "not verified", "field": "from.email"}]}
    with serving(lambda _: Answer(400, document)) as address:
        refused = PROVIDERS["sendgrid"].channel(address).send(EMAIL)
    assert isinstance(refused, Refused)
    assert (refused.passing, refused.of_provider, refused.of_address) == (True, True, False)
    assert "sendgrid.from_address" in refused.why


def test_stop_at_twilio_is_an_opt_out() -> None:
    """21610: the number has texted STOP to our sender."""
    document = {"code": 21610, "message": "Attempt to send to unsubscribed recipient", "status": 400}
    with serving(lambda _: Answer(400, document)) as address:
        refused = PROVIDERS["twilio"].channel(address).send(TEXT)
    assert isinstance(refused, Refused)
    assert (refused.opted_out, refused.passing) == (True, False)


@pytest.mark.parametrize("name", PROVIDERS)
@pytest.mark.parametrize(
    "answer",
    [Answer(200, "hello"), Answer(200, {"hello": "you"}), Answer(201), Answer(302, None, {"Location": "/"})],
    ids=["a word", "another document", "nothing", "elsewhere"],
)
def test_an_answer_that_is_not_the_providers_is_no_acceptance(name: str, answer: Answer) -> None:
    """A hotel's network, a wrong address: what says 200 to everything has accepted nothing for certain."""
    provider = PROVIDERS[name]
    message = MESSAGES[provider.kinds[0]]
    with serving(lambda _: answer) as address:
        channel = provider.channel(address)
        assert isinstance(channel.send(message), Unsure)
        with pytest.raises(OSError, match=r"asked"):
            channel.find(message, SINCE)


def test_a_text_is_looked_for_through_all_pages_but_not_through_the_past() -> None:
    """The number's other texts are passed over, and what was sent long before is another message."""
    provider = PROVIDERS["twilio"]
    book = provider.book()
    with serving(FaultProxy(book)) as address:
        channel = provider.channel(address)
        sent = channel.send(TEXT)
        for number in range(4):
            channel.send(replace(TEXT, text=f"Another of {number}."))
        assert channel.find(TEXT, SINCE) == sent
        book.taken[0]["body"] = f"Sent from your Twilio trial account - {TEXT.text}"
        assert channel.find(TEXT, SINCE) == sent
        book.taken[0]["date_created"] = "Mon, 31 Aug 2026 08:00:00 +0000"
        assert channel.find(TEXT, SINCE) is None


def test_a_text_whose_words_twilio_hides_is_in_doubt() -> None:
    """With redaction on no words come back: it may be this one, so it is not sent again on a guess."""
    provider = PROVIDERS["twilio"]
    book = provider.book()
    with serving(FaultProxy(book)) as address:
        channel = provider.channel(address)
        channel.send(TEXT)
        book.taken[0]["body"] = ""
        with pytest.raises(CannotTell, match=r"hides its words"):
            channel.find(TEXT, SINCE)


def test_notify_is_not_believed_about_what_it_has_forgotten() -> None:
    """It keeps messages for a week: after that, not found says nothing."""
    provider = PROVIDERS["govuk_notify"]
    with serving(FaultProxy(provider.book())) as address:
        channel = provider.channel(address)
        with pytest.raises(CannotTell, match=r"forgets a message after a week"):
            channel.find(TEXT, SINCE.replace(year=SINCE.year - 1, day=1))


def test_what_families_read_is_what_was_approved() -> None:
    """Notify's markdown has no tables, so a row reads as a line; SendGrid gets both forms of the words."""
    words = "Dear Mrs Bell,\n\n## Missed\n| Date | Why |\n| 9 November | ill |\n\n- ring us\n- or write"
    message = replace(EMAIL, text=words)
    notify, sendgrid = PROVIDERS["govuk_notify"], PROVIDERS["sendgrid"]
    heard: list[Asked] = []
    for provider in (notify, sendgrid):
        proxy = FaultProxy(provider.book())
        proxy.hooks.append(lambda asked, _: heard.append(asked))
        with serving(proxy) as address:
            assert isinstance(provider.channel(address).send(message), Accepted)
    assert heard[0].document["personalisation"] == {
        "subject": "Where Zoë is",
        "body": "Dear Mrs Bell,\n\n## Missed\n\n* Date: 9 November, Why: ill\n\n* ring us\n* or write",
    }
    plain, html = heard[1].document["content"]
    assert "9 November" in plain["value"]
    assert "<th" in html["value"]


@pytest.mark.parametrize(
    "message", [replace(EMAIL, text="| a | b |\n| c |"), replace(LETTER, to="1 Mill Lane")]
)
def test_what_cannot_be_laid_out_goes_nowhere(message: object) -> None:
    """A broken table, an address without a postcode: a sentence for the office, and nothing was sent."""
    for provider in PROVIDERS.values():
        proxy = FaultProxy(provider.book())
        with serving(proxy) as address:
            refused = provider.channel(address).send(message)  # type: ignore[arg-type]
        assert isinstance(refused, Refused)
        assert not refused.passing
        assert proxy.book.taken == []


def test_notify_says_what_it_has_no_template_for_and_what_is_too_long() -> None:
    """One setting missing stops one kind; a text longer than Notify's 918 characters can never go."""
    provider = PROVIDERS["govuk_notify"]
    bare = replace(provider, settings={"sms_template": provider.settings["sms_template"]})
    channel = bare.channel(f"http://127.0.0.1:{closed_port()}")
    lacking, long = channel.send(EMAIL), channel.send(replace(TEXT, text="a" * 919))
    assert isinstance(lacking, Refused)
    assert isinstance(long, Refused)
    assert (lacking.passing, long.passing) == (True, False)
    assert "govuk_notify.email_template" in lacking.why


def test_a_key_of_another_make_is_refused_without_being_repeated() -> None:
    """Notify's keys end with two ids: anything else is a mistake of copying."""
    with pytest.raises(ValueError, match=r"copy the whole key") as refused:
        PROVIDERS["govuk_notify"].channel("http://127.0.0.1", secret="half-a-key")  # noqa: S106 - no secret
    assert "half-a-key" not in str(refused.value)
