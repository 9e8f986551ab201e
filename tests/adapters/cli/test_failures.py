"""Every failure is a sentence: those foreseen in their own words, any other without a traceback."""

from __future__ import annotations

import importlib
import sys

import pytest

from adapters.cli import main
from adapters.cli.asked import Misasked
from adapters.cli.failures import _SENTENCES, said


@pytest.mark.parametrize(("module", "name"), _SENTENCES)
def test_each_problem_for_people_is_there_and_is_said_in_its_own_words(module: str, name: str) -> None:
    """A renamed exception would turn a sentence into "something went wrong"."""
    kind = getattr(importlib.import_module(module), name)
    problem = kind.__new__(kind)
    problem.args = ("rules.yaml:3: what to do",)
    assert issubclass(kind, Exception)
    assert said(problem) is not None


def test_what_nobody_foresaw_has_no_sentence() -> None:
    """A bug is not dressed up as the user's mistake, also where its class has a familiar name."""
    assert said(KeyError("x")) is None
    assert said(type("Misasked", (Exception,), {})("not ours")) is None
    assert said(Misasked("say which school")) == "say which school"


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A command line whose command stumbles over a bug."""

    def stumble() -> None:
        raise KeyError("upn")

    monkeypatch.setattr("adapters.cli.app.app", stumble)
    monkeypatch.setattr(sys, "argv", ["firstbell", "tasks"])
    return monkeypatch


def test_a_bug_is_told_without_a_traceback(
    broken: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2, what it was, and how to get help; with FIRSTBELL_DEBUG the whole of it."""
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert "something went wrong that should not have (KeyError: 'upn')" in told
    assert "FIRSTBELL_DEBUG=1" in told
    broken.setenv("FIRSTBELL_DEBUG", "1")
    with pytest.raises(KeyError):
        main()


@pytest.mark.parametrize(("raised", "code"), [(KeyboardInterrupt, 130), (Misasked, 2)])
def test_ended_early(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raised: type[BaseException],
    code: int,
) -> None:
    """Ctrl-C says that nothing half-done was kept; a wrong question says what would fit."""

    def stop() -> None:
        raise raised("ask again")

    monkeypatch.setattr("adapters.cli.app.app", stop)
    with pytest.raises(SystemExit) as ended:
        main()
    assert (ended.value.code, capsys.readouterr().err.startswith("firstbell: ")) == (code, True)
