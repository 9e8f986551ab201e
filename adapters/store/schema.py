"""Which shape a store file has, and bringing it to the one this Firstbell expects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, select, text
from sqlalchemy.exc import DBAPIError

from adapters.store import connect
from adapters.store.problems import StoreProblem, explained

if TYPE_CHECKING:
    from sqlalchemy import Connection

SCHEMA = "0014"  # the newest revision in migrations/versions; revisions count upwards
MIGRATIONS = Path(__file__).with_name("migrations")


def upgrade(url: str) -> None:
    """Create the store that `url` names, with its folders, or bring it up to date; a second time is nothing.

    Raises:
        StoreProblem: the file is something else, too new, or cannot be written.
    """
    path = connect.file_of(url)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)  # pupils' data: readable for its owner alone
    except OSError as error:
        raise StoreProblem(f"{path} cannot be created: {error.strerror or error}") from error
    engine = connect.engine_for(path)
    try:
        with engine.connect() as db:
            db.execution_options(writing=True)
            with db.begin():
                _migrate(db, path)
    except DBAPIError as error:
        raise explained(error, path, connect.BUSY_SECONDS) from error
    finally:
        engine.dispose()


def _migrate(db: Connection, path: Path) -> None:
    """Run Alembic under the write lock: a second process waits, then finds nothing to do."""
    found = version(db, path)
    if found is not None and found > SCHEMA:
        raise StoreProblem(_newer(path))
    if found == SCHEMA:
        return
    # Alembic takes a third of a second to import, and only this path needs it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = db
    command.upgrade(config, "head")


def check(url: str) -> Path:
    """The file that `url` names, if it is a store of exactly this shape.

    Raises:
        StoreProblem: it is not, with what to do about it.
    """
    path = connect.file_of(url)
    if not path.is_file():
        raise StoreProblem(f"there is no store at {path}: run 'firstbell init', or give --store its address")
    engine = connect.engine_for(path)
    try:
        with engine.connect() as db:
            found = version(db, path)
    except DBAPIError as error:
        raise explained(error, path, connect.BUSY_SECONDS) from error
    finally:
        engine.dispose()
    if found is None or found < SCHEMA:
        state = "is empty" if found is None else "was made by an older Firstbell"
        raise StoreProblem(f"{path} {state}: run 'firstbell init'")
    if found > SCHEMA:
        raise StoreProblem(_newer(path))
    return path


def version(db: Connection, path: Path) -> str | None:
    """The revision of the tables in a file; None for an empty one."""
    tables = set(inspect(db).get_table_names())
    if "alembic_version" not in tables:
        if tables:
            raise StoreProblem(f"{path} is the database of another program: give --store another file")
        return None
    found: str | None = db.execute(select(text("version_num")).select_from(text("alembic_version"))).scalar()
    return found


def _newer(path: Path) -> str:
    return f"{path} was made by a newer Firstbell than this one: update Firstbell, then try again"
