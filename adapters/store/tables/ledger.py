"""The ledger's four tables. Every column is text or a number whose exact bytes are under a hash."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class LedgerEntryRow(SQLModel, table=True):
    """The skeleton of an entry: never changed, never removed. `at` is UTC text with microseconds."""

    __tablename__ = "ledger_entry"

    school_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: str = Field(index=True)
    kind: str
    subject_digest: str
    rulebook: str
    codes: str
    template: str
    content_hash: str
    prev: str
    hash: str


class LedgerContentRow(SQLModel, table=True):
    """What an entry says, apart, so that it can be erased: then only the reason in `erased` is left."""

    __tablename__ = "ledger_content"

    school_id: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    nonce: str | None
    content: str | None
    erased: str | None


class LedgerTipRow(SQLModel, table=True):
    """Where a school's chain ends, so that a tail cut off is missed; under '' where the daily heads end."""

    __tablename__ = "ledger_tip"

    school_id: str = Field(primary_key=True)
    seq: int
    hash: str


class LedgerHeadRow(SQLModel, table=True):
    """Where every school's chain stood when a (UTC) day was over: JSON of school to [seq, hash]."""

    __tablename__ = "ledger_head"

    day: str = Field(primary_key=True)
    heads: str
    prev: str
    hash: str
