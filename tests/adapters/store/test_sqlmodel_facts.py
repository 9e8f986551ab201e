"""Behaviours of SQLModel 0.0.x that the store leans on: a new version has to pass here first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import StatementError
from sqlmodel import Field, MetaData, Session, SQLModel, select


class Mood(StrEnum):
    """An enum whose names and values differ."""

    CHEERFUL = "in good spirits"


class Probe(SQLModel, table=True):
    """A table that belongs to nobody."""

    metadata = MetaData()

    number: int | None = Field(default=None, primary_key=True)
    stage: int = Field(ge=1, le=5)
    at: datetime
    mood: Mood = Mood.CHEERFUL


@pytest.fixture
def engine() -> Iterator[Engine]:
    """A database in memory with the probe's table."""
    made = create_engine("sqlite://")
    Probe.metadata.create_all(made)
    yield made
    made.dispose()


def test_a_table_does_not_validate() -> None:
    """Nonsense is taken at construction: so values are checked before they become rows."""
    assert Probe(stage=99, at="not a date").stage == 99  # type: ignore[arg-type]


def test_a_naive_instant_is_refused(engine: Engine) -> None:
    """An instant without offset never reaches the store, where nobody could say what it meant."""
    with Session(engine) as db:
        db.add(Probe(stage=1, at=datetime(2025, 9, 1, 9)))  # noqa: DTZ001
        with pytest.raises(StatementError, match="timezone information"):
            db.commit()


def test_an_aware_instant_comes_back_in_utc(engine: Engine) -> None:
    """What went in with another offset is the same instant, told in UTC."""
    at = datetime(2025, 9, 1, 9, tzinfo=timezone(timedelta(hours=1)))
    with Session(engine) as db:
        db.add(Probe(stage=1, at=at))
        db.commit()
        found = db.exec(select(Probe.at)).one()
    assert (found, found.tzinfo) == (at, UTC)


def test_an_enum_is_kept_by_name(engine: Engine) -> None:
    """A renamed member would orphan its rows: so our words are plain text columns."""
    with Session(engine) as db:
        db.add(Probe(stage=1, at=datetime(2025, 9, 1, tzinfo=UTC)))
        db.commit()
        assert db.connection().exec_driver_sql("SELECT mood FROM probe").scalar_one() == "CHEERFUL"
