"""Which wordings in other languages a translator has approved."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from adapters.store.driven import Driven
from adapters.store.rows import plain, texts, values
from adapters.store.tables import core
from adapters.store.tables.standing import TemplateApprovalRow
from workflows.values import TemplateApproval

if TYPE_CHECKING:
    from sqlalchemy import Connection

APPROVED = core(TemplateApprovalRow)


def template_approvals(db: Connection) -> tuple[TemplateApproval, ...]:
    """All of them, in the order in which they were given."""
    return values(TemplateApproval, _approved().ask(db))


@cache
def _approved() -> Driven:
    return Driven.of(select(*texts(TemplateApproval, APPROVED)).order_by(APPROVED.c.id))


def approve_template(db: Connection, approval: TemplateApproval) -> None:
    """Keep one."""
    db.execute(insert(APPROVED), [plain(approval)])
