"""What came back from outside: rows are added, never changed; each once, by the provider's own id for it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class ReceiptRow(SQLModel, table=True):
    """What a provider said of a message."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("provider", "event_id", name="uq_receipt_event"),
        Index("ix_receipt_message", "message_id"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    provider: str
    event_id: str
    message_id: str
    reference: str
    address: str
    outcome: str
    at: datetime | None
    code: str
    why: str
    of_address: bool
    opted_out: bool
    received_at: datetime


class ReplyRow(SQLModel, table=True):
    """What somebody wrote, and whose it was taken to be."""

    __tablename__ = "reply"
    __table_args__ = (
        UniqueConstraint("provider", "event_id", name="uq_reply_event"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    reply_id: str
    provider: str
    event_id: str
    channel: str
    sender: str
    sent_to: str
    text: str
    at: datetime
    received_at: datetime
    school_id: str
    subject: str
    contact_id: str
    message_id: str
    task_id: str
