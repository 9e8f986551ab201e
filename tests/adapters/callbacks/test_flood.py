"""Who posts what cannot be genuine again and again is not looked at for a while."""

from __future__ import annotations

from adapters.callbacks.flood import Flood


def test_who_is_shut_out_is_let_in_again() -> None:
    """Its count runs off in a minute; of very many senders the one that failed longest ago is forgotten."""
    flood = Flood(most=3)
    for second in range(3):
        assert not flood.shut_out("a", second)
        flood.failed("a", 2.0)
    assert flood.shut_out("a", 2.0)
    assert not flood.shut_out("a", 22.0), "one of three has run off"
    flood.failed("a", 22.0)
    assert flood.shut_out("a", 22.0)
    for number in range(4096):
        flood.failed(f"b{number}", 22.0)
    assert not flood.shut_out("a", 22.0)
