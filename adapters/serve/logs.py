"""Structured logs on standard error, one JSON object a line: what happened where, never to whom."""

from __future__ import annotations

import logging
import sys

import structlog


def log_to_stderr() -> None:
    """Set up logging of this process: ours, and what the libraries have to say from warnings on."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
