"""What providers and families said: kept once, found again by message, number and school."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import insert, or_, select

from adapters.store import standing
from adapters.store.rows import plain, texts, values
from adapters.store.tables import core
from adapters.store.tables.heard import ReceiptRow, ReplyRow
from workflows.heard import Receipt, Reply
from workflows.recheck import REPLY
from workflows.values import LEFT, Message, MessageState, Task, TaskState

if TYPE_CHECKING:
    from sqlalchemy import Connection

RECEIPTS, REPLIES = core(ReceiptRow), core(ReplyRow)
_MAY_HAVE_LEFT = [each.value for each in (*LEFT, MessageState.SENDING, MessageState.UNKNOWN)]


@dataclass(frozen=True, slots=True)
class HeardView:
    """The part of a transaction's view that is about what came back."""

    db: Connection

    def keep_receipt(self, receipt: Receipt) -> bool:
        """Keep one; False where it is there already."""
        same = (RECEIPTS.c.provider == receipt.provider) & (RECEIPTS.c.event_id == receipt.event_id)
        if self.db.execute(select(RECEIPTS.c.id).where(same)).first():
            return False
        self.db.execute(insert(RECEIPTS), [plain(receipt)])
        return True

    def receipts(self, message_id: str) -> tuple[Receipt, ...]:
        """All that was said of one message, in the order in which it came."""
        wanted = select(*texts(Receipt, RECEIPTS)).where(RECEIPTS.c.message_id == message_id)
        return values(Receipt, self.db.execute(wanted.order_by(RECEIPTS.c.id)).all())

    def heard_before(self, provider: str, event_id: str) -> bool:
        """Whether these words of a provider were kept already."""
        same = (REPLIES.c.provider == provider) & (REPLIES.c.event_id == event_id)
        return self.db.execute(select(REPLIES.c.reply_id).where(same)).first() is not None

    def keep_reply(self, reply: Reply) -> None:
        """Keep one."""
        self.db.execute(insert(REPLIES), [plain(reply)])

    def replies(self) -> tuple[Reply, ...]:
        """All that was written, in the order in which it came."""
        wanted = select(*texts(Reply, REPLIES)).order_by(REPLIES.c.id)
        return values(Reply, self.db.execute(wanted).all())

    def unread_replies(self, school_id: str) -> frozenset[str]:
        """The subjects of whom somebody wrote what nobody has read: their task is open."""
        tasks = standing.TABLES[Task].c
        about = (tasks.school_id == school_id) & (tasks.state == TaskState.OPEN.value)
        wanted = select(tasks.subject).where(about, tasks.rule.startswith(REPLY, autoescape=True))
        return frozenset(self.db.execute(wanted).scalars())

    def unread_senders(self) -> frozenset[str]:
        """The numbers that wrote what nobody has read."""
        tasks = standing.TABLES[Task].c
        unread = (REPLIES.c.task_id == tasks.task_id) & (tasks.state == TaskState.OPEN.value)
        return frozenset(self.db.execute(select(REPLIES.c.sender).where(unread)).scalars())

    def told(self, message_id: str) -> tuple[Message, ...]:
        """The message of an id, then those that it spoke for."""
        messages = standing.TABLES[Message].c
        first = standing.chosen(self.db, Message, messages.message_id == message_id)
        return first + standing.chosen(self.db, Message, messages.told_with == message_id) if first else ()

    def handed_with(self, first: Message, states: Collection[MessageState]) -> tuple[Message, ...]:
        """The messages in some states that `first` spoke for when it was handed over and not heard of."""
        messages = standing.TABLES[Message].c
        there = (messages.school_id == first.school_id) & messages.state.in_([each.value for each in states])
        with_it = messages.handed.contains(f'"told_with":"{first.message_id}"', autoescape=True)
        return standing.chosen(self.db, Message, there & (messages.handed != "") & with_it)

    def last_left_to(self, address: str, since: datetime) -> Message | None:
        """The last message that left to an address since an instant, or may have."""
        messages = standing.TABLES[Message].c
        lately = or_(messages.ended_at >= since, messages.claimed_at >= since)
        theirs = (messages.address == address) & (messages.told_with == "")
        found = standing.chosen(self.db, Message, lately & theirs & messages.state.in_(_MAY_HAVE_LEFT))
        return max(found, key=lambda each: each.ended_at or each.claimed_at or since, default=None)
