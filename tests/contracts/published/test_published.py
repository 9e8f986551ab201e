"""Against servers that nobody here invented: generated from the contracts that the providers publish.

Every request of ours is valid by the provider's own description, or prism answers 422 and the test fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from messaging.channels.channel import Refused
from tests.contracts.faults import holds
from tests.servers.fault_proxy import Fault, FaultProxy, over_http
from tests.servers.loopback import Answer, Asked, serving
from tests.servers.prism import generated, why_not
from tests.servers.providers import MESSAGES, PROVIDERS, SENT_BY

Published = Callable[[str], str]


@pytest.fixture(scope="module")
def published() -> Iterator[Published]:
    """The address of a provider's generated server; it is started when first asked for."""
    if why_not():
        pytest.skip(why_not())
    started: dict[str, str] = {}
    with ExitStack() as running:
        yield (
            lambda name: started.get(name) or started.setdefault(name, running.enter_context(generated(name)))
        )


@pytest.mark.parametrize("fault", Fault)
@pytest.mark.parametrize(("name", "kind"), SENT_BY)
def test_taken_once_whatever_the_network_does(
    published: Published, name: str, kind: str, fault: Fault
) -> None:
    """The same body as over our own servers, with the published one behind the proxy."""
    provider = PROVIDERS[name]
    holds(provider, kind, fault, FaultProxy(provider.book(), over_http(published(name))))


@pytest.mark.parametrize("name", ["twilio", "govuk_notify"])
def test_looking_up_is_asked_as_published(published: Published, name: str) -> None:
    """A look-up too is valid by the contract, and what the contract answers can be read."""
    provider = PROVIDERS[name]
    answered: list[int] = []

    def straight(asked: Asked) -> Answer:
        answer = over_http(published(name))(asked)
        answered.append(answer.status)
        return answer

    with serving(straight) as address:
        provider.channel(address).find(MESSAGES["sms"], datetime.now(UTC) - timedelta(days=1))
    assert answered == [200]


@pytest.mark.parametrize("name", PROVIDERS)
def test_the_published_server_is_strict(published: Published, name: str) -> None:
    """A request that is not as published is noticed: else all of this would prove nothing."""
    provider = PROVIDERS[name]
    upstream = over_http(published(name))
    with serving(lambda asked: upstream(Asked(asked.method, asked.target, asked.headers, b"{}"))) as address:
        answer = provider.channel(address).send(MESSAGES[provider.kinds[0]])
    assert isinstance(answer, Refused)
