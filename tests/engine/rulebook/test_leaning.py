"""Rules that lean on another one: a slip in that one is told where it stands, and only there."""

from __future__ import annotations

import pytest

from tests.engine.rulebook.trial import PACK, ids, messages, read


@pytest.mark.parametrize("slip", [("autonomy: approve", "autonomy: aprove"), ("ladder: rate", "laddr: rate")])
def test_a_slip_is_told_once_and_not_of_the_rules_that_lean_on_it(slip: tuple[str, str]) -> None:
    """The next stage and the rule that waits are left out with it, and nothing false is said of them."""
    first = PACK[PACK.index("  trial:") :].replace("ladder: rate", "ladder: rate\n    stage: 1")
    second = first.replace("trial:", "second:").replace(
        "stage: 1", "stage: 2\n    after: {stage: 1, done_for: 3 school days}"
    )
    waits = first.replace("trial:", "waits:").replace("ladder: rate\n    stage: 1", "waits_for: trial")
    whole = PACK[: PACK.index("  trial:")] + first + second + waits
    assert (messages(read(whole)), ids(read(whole))) == ("", ["second", "sound", "trial", "waits"])
    broken = read(whole.replace(*slip, 1))
    assert {problem.rule for problem in broken.problems} == {"trial"}
    assert ids(broken) == ["sound"]
    gone = read(whole.replace(first, ""))
    assert {problem.rule for problem in gone.problems} == {"second", "waits"}
