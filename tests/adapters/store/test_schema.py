"""Making a store, and saying plainly what is wrong with a file that is none."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlmodel import SQLModel

from adapters.store import SqlStore, StoreProblem, connect, open_store, upgrade
from adapters.store.schema import MIGRATIONS, SCHEMA


def script(path: Path, sql: str) -> None:
    """Run SQL on a file as some other program would."""
    with closing(sqlite3.connect(path)) as raw:
        raw.executescript(sql)


def test_migrations_make_the_tables_that_the_code_expects(store: SqlStore) -> None:
    """Alembic finds no difference between a migrated store and the table classes."""
    engine = connect.engine_for(store.path)
    with engine.connect() as db:
        context = MigrationContext.configure(db, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_the_newest_migration_is_the_expected_one() -> None:
    """`SCHEMA`, read without Alembic at every start, is the head of the migrations."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == SCHEMA


def test_upgrade_makes_folders_and_keeps_what_is_there(tmp_path: Path) -> None:
    """A first upgrade creates, a second changes nothing, and the salt is chosen once."""
    url = f"sqlite:///{tmp_path}/trust%20data/store/firstbell.db"
    upgrade(url)
    with open_store(url, codes_hash="") as store, store.reading() as unit:
        salt = unit.note("ledger_salt")
    upgrade(url)
    with open_store(url, codes_hash="") as store, store.reading() as unit:
        assert salt
        assert len(salt) == 64
        assert unit.note("ledger_salt") == salt


def test_a_store_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Pupils' data is not readable for other users of the machine."""
    upgrade(f"sqlite:///{tmp_path}/firstbell.db")
    assert (tmp_path / "firstbell.db").stat().st_mode & 0o077 == 0


def test_relative_addresses_are_taken_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three slashes are relative, and stay with the folder in which the store was opened."""
    monkeypatch.chdir(tmp_path)
    upgrade("sqlite:///here.db")
    with open_store("sqlite:///here.db", codes_hash="") as store:
        monkeypatch.chdir("/")
        with store.reading() as unit:
            assert unit.school_ids() == ()


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("firstbell.db", "is no store address: write sqlite:///firstbell.db"),
        ("postgresql://trust/firstbell", "postgresql is not supported yet"),
        ("sqlite://", "names no file"),
    ],
)
def test_an_address_that_is_none(url: str, sentence: str) -> None:
    """A wrong address is answered with how to write a right one."""
    with pytest.raises(StoreProblem, match=sentence):
        upgrade(url)


def test_a_missing_store_is_not_created_in_passing(tmp_path: Path) -> None:
    """Opening what is not there says so, and leaves no empty file behind."""
    with pytest.raises(StoreProblem, match=r"there is no store at .*run 'firstbell init'"):
        open_store(f"sqlite:///{tmp_path}/none.db", codes_hash="")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_wants_init(tmp_path: Path) -> None:
    """A file without tables is not initialised."""
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreProblem, match="is empty: run 'firstbell init'"):
        open_store(f"sqlite:///{tmp_path}/empty.db", codes_hash="")


def test_a_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    """A spreadsheet, or another program's database, is named and not touched."""
    (tmp_path / "marks.csv").write_text("upn,date,session,code\n" * 100)
    script(tmp_path / "other.db", "CREATE TABLE invoices (id INTEGER)")
    for name, sentence in (("marks.csv", "not even a database"), ("other.db", "of another program")):
        before = (tmp_path / name).read_bytes()
        for attempt in (upgrade, lambda url: open_store(url, codes_hash="")):
            with pytest.raises(StoreProblem, match=sentence):
                attempt(f"sqlite:///{tmp_path / name}")
        assert name == "other.db" or (tmp_path / name).read_bytes() == before


def test_a_store_of_a_newer_firstbell(template: Path, tmp_path: Path) -> None:
    """An old program neither reads nor changes what a newer one made."""
    path = tmp_path / "newer.db"
    shutil.copy(template, path)
    script(path, "UPDATE alembic_version SET version_num = '9999'")
    for attempt in (upgrade, lambda url: open_store(url, codes_hash="")):
        with pytest.raises(StoreProblem, match="made by a newer Firstbell"):
            attempt(f"sqlite:///{path}")
