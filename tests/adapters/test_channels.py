"""How channels are opened: by kind, with their own settings, and no real one without the door."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.channels import channels, standings
from adapters.config import Config, ConfigProblem, read_config
from messaging.channels import CHANNELS, KINDS
from messaging.channels.allowed import SEND_TO, Allowed, Live
from messaging.channels.channel import Refused
from tests.servers.loopback import closed_port
from tests.servers.providers import MESSAGES, PROVIDERS, SENT_BY

SECRETS = {f"FIRSTBELL_{CHANNELS[name].secret}": each.secret for name, each in PROVIDERS.items()}


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """A fresh install, with an account at each provider; nobody is at home there."""
    (tmp_path / "config.yaml").write_text("", encoding="utf-8")
    fresh = read_config({}, tmp_path)
    nowhere = {"base_address": f"http://127.0.0.1:{closed_port()}"}
    return replace(
        fresh,
        providers={
            name: {**fresh.providers[name], **PROVIDERS[name].settings, **nowhere} for name in PROVIDERS
        },
    )


@pytest.mark.parametrize(("name", "kind"), SENT_BY)
def test_no_real_channel_is_opened_without_the_door(config: Config, name: str, kind: str) -> None:
    """Over all of CHANNELS: as opened from settings each is shut, and what is asked of it stays here."""
    assert {way for way, _ in SENT_BY} == {each for each, way in CHANNELS.items() if way.real}
    opened = channels(replace(config, channels={**config.channels, kind: name}), SECRETS)[kind]
    assert isinstance(opened, Allowed)
    assert opened.channel.name == opened.name == name
    assert (opened.real, opened.repeatable, opened.per_minute > 0) == (True, False, True)
    refused = opened.send(MESSAGES[kind])
    assert isinstance(refused, Refused)
    assert refused.passing
    assert refused.why == opened.withheld(MESSAGES[kind].to)
    assert "going_live.send_to" in refused.why


def test_a_fresh_install_writes_files(config: Config) -> None:
    """Every kind by the same folder, no secret needed, and open to all."""
    opened = channels(config, {})
    assert set(opened) == set(KINDS)
    assert len(set(map(id, opened.values()))) == 1
    assert not any(each.real for each in opened.values())
    assert {each.sentence for each in standings(config, {})} == {
        "reaches nobody: each message becomes a file"
    }


@pytest.mark.parametrize(("name", "kind"), SENT_BY)
@pytest.mark.parametrize("secret", ["", "two words", "line\nbreak", "é"])
def test_a_secret_that_is_none_is_named_and_not_repeated(
    config: Config, name: str, kind: str, secret: str
) -> None:
    """What would break a header, or is not there: refused before a library can say it in an error."""
    variable = f"FIRSTBELL_{CHANNELS[name].secret}"
    with pytest.raises(ConfigProblem, match=variable) as refused:
        channels(replace(config, channels={**config.channels, kind: name}), SECRETS | {variable: secret})
    assert not secret or secret not in str(refused.value)


@pytest.mark.parametrize("send_to", SEND_TO)
def test_whom_a_live_channel_sends_to(config: Config, send_to: str) -> None:
    """Numbers, e-mail addresses in any case, and letters by the postcode that the address ends with."""
    live = Live(send_to, frozenset({"+447911123456", "sam.o'neil@ashgrove.sch.uk", "so141aa"}))
    by_all = replace(
        config, channels={"sms": "twilio", "email": "sendgrid", "letter": "govuk_notify"}, live=live
    )
    opened = channels(by_all, SECRETS)
    listed = [opened[kind].withheld(message.to) == "" for kind, message in MESSAGES.items()]
    others = [
        opened["sms"].withheld("+447911000000"),
        opened["email"].withheld("a@b.org"),
        opened["letter"].withheld("1 Mill Lane, SO14 1AB"),
    ]
    assert listed == [send_to != "nobody"] * 3
    assert [why == "" for why in others] == [send_to == "everybody"] * 3
    assert opened["email"].withheld("Sam.O'Neil@ashgrove.sch.uk") == opened["email"].withheld(
        MESSAGES["email"].to
    )
    assert all(each.live == (send_to != "nobody") for each in standings(by_all, SECRETS))


def test_settings_hold_no_secret(config: Config) -> None:
    """Whoever prints or pickles the settings prints no key."""
    held = repr(config)
    assert [secret for secret in SECRETS.values() if secret in held] == []
