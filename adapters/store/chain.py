"""What the ledger hashes, and how. An auditor needs only this page and SHA-256 to check it by hand."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

HEADS = ""  # the "school" under which the end of the chain of daily heads is kept
SALT = "ledger_salt"
ERASURE = "erasure"
SKELETON = (
    "school_id",
    "seq",
    "at",
    "kind",
    "subject_digest",
    "rulebook",
    "codes",
    "template",
    "content_hash",
    "prev",
)
HEAD = ("day", "heads", "prev")
_PARTS = json.JSONEncoder(separators=(",", ":"), default=repr)
_AS_GIVEN = orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_DATETIME
_QUICK = orjson.OPT_SORT_KEYS | _AS_GIVEN
_CONTENT = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def digest(*parts: object) -> str:
    """SHA-256 of the parts as one JSON list in ASCII: no two lists of parts are spelt alike.

    What is neither text, number nor null is spelt by its `repr`, so that a blob put in the place of a
    text never passes for it. Printable ASCII, nearly always all there is, orjson spells the same; a
    fraction it may not, and one without end it would spell as null.
    """
    try:
        spelt = orjson.dumps(parts, default=repr, option=_AS_GIVEN)
    except TypeError:
        spelt = b"\x7f"
    if float in map(type, parts) or not spelt.isascii() or b"\x7f" in spelt:
        spelt = _PARTS.encode(parts).encode()
    return hashlib.sha256(spelt).hexdigest()


def hash_of(row: Mapping[Any, object], names: Sequence[str]) -> str:
    """The hash of an entry (`SKELETON`) or a daily head (`HEAD`): all its columns, `prev` among them."""
    return digest(*(row[name] for name in names))


def genesis(salt: str, school_id: str) -> str:
    """What the first entry of a chain follows; it binds the chain to the store's salt."""
    return digest("firstbell ledger", salt, school_id)


def subject_digest(salt: str, school_id: str, subject: str) -> str:
    """Whom an entry is about, for those who hold the salt."""
    return digest(salt, school_id, subject)


def content_hash(nonce: str, content: str) -> str:
    """SHA-256 of nonce and content; without the nonce a short content could be guessed from its hash."""
    return hashlib.sha256((nonce + content).encode(errors="surrogateescape")).hexdigest()


def canonical(content: object) -> str:
    """JSON with sorted keys and no blanks: one spelling for one content.

    orjson writes the same ten times as quickly; what it refuses (half a character, a number of more than 64
    bits) Python's own library writes, or refuses too. Fractions are percentages: both spell those alike.
    ValueError for a number that is none: orjson would keep it as null.
    """
    if not _finite(content):
        raise ValueError("what the ledger keeps holds a number that is none (NaN, or one without end)")
    try:
        return orjson.dumps(content, option=_QUICK).decode()
    except TypeError:
        return _CONTENT.encode(content)


def _finite(value: object) -> bool:
    if isinstance(value, dict):
        return all(map(_finite, value.values()))
    if isinstance(value, list | tuple):
        return all(map(_finite, value))
    return not isinstance(value, float) or math.isfinite(value)
