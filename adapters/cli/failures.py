"""Which problems are sentences for people already."""

from __future__ import annotations

import importlib

_SENTENCES = (
    ("adapters.config", "ConfigProblem"),
    ("adapters.mis.quarantine", "QuarantineProblem"),
    ("adapters.rule_files", "RuleFileProblem"),
    ("adapters.side_by_side", "WorkerLost"),
    ("adapters.cli.asked", "Misasked"),
    ("adapters.store.problems", "StoreProblem"),
    ("engine.inference.agree", "Disagreement"),
    ("engine.inference.durable", "DurableError"),
    ("messaging.faults", "TemplateError"),
    ("workflows.acting", "CannotDo"),
    ("workflows.subjects", "NotKnown"),
    ("workflows.incoming", "Unreadable"),
    ("workflows.outbox", "NotInOutbox"),
    ("workflows.why", "NoSuchReference"),
)


def said(problem: Exception) -> str | None:
    """The sentence of a problem meant for people; None for one nobody foresaw."""
    for module, name in _SENTENCES:
        if (
            type(problem).__name__ == name
            and type(problem).__module__ == importlib.import_module(module).__name__
        ):
            return str(problem)
    return None
