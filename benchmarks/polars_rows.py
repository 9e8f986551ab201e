"""What polars works on: the days of each school, and a row for each pupil with all marks in one text."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from benchmarks import peer_sql as sql

KEY = ("school_id", "upn")
AM, PM = "am", "pm"


def frame(store: Path, query: str) -> pl.DataFrame:
    """A query on the store, through ADBC: of the drivers that polars knows none was quicker."""
    return pl.read_database_uri(query, sql.address(store), engine="adbc")


def days_of(store: Path) -> pl.DataFrame:
    """Monday to Friday of every school week from the first admission on, as `day` 0, 1, ... of a school."""
    first = frame(store, "select school_id, min(admitted_on) as first from pupil group by school_id")
    terms = frame(store, sql.TERMS)
    date = pl.col("date").str.to_date()
    held = (
        frame(store, sql.DAYS)
        .join(first, on="school_id")
        .filter(pl.col("date") >= pl.col("first"), (pl.col("am") == 1) | (pl.col("pm") == 1))
        .select("school_id", date, am=pl.col("am") == 1, pm=pl.col("pm") == 1)
    )
    weeks = held.select("school_id", monday=pl.col("date").dt.truncate("1w")).unique()
    return (
        weeks.join(pl.DataFrame({"weekday": range(5)}), how="cross")
        .with_columns(date=pl.col("monday") + pl.duration(days=pl.col("weekday")))
        .join(held, on=["school_id", "date"], how="left")
        .join(terms, on="school_id")
        .sort("school_id", "date")
        .with_columns(
            pl.col(AM, PM).fill_null(value=False), this_year=pl.col("date") >= pl.col("starts").str.to_date()
        )
        .with_columns(
            day=pl.int_range(pl.len(), dtype=pl.Int32).over("school_id"),
            school_day=(pl.col(AM) | pl.col(PM)).cast(pl.Int32).cum_sum().over("school_id") - 1,
            school_days=(pl.col(AM) | pl.col(PM)).sum().cast(pl.Int32).over("school_id"),
            week_back=pl.col("monday").rank("dense", descending=True).over("school_id"),
        )
        .drop("starts")
    )


def pupils_of(store: Path, days: pl.DataFrame) -> pl.DataFrame:
    """One row a pupil: `marks` of all `count` days, roll, school age and notice, in the order of the key."""
    dense = _dense(store, days)
    notices = frame(store, sql.NOTICES).group_by(KEY).agg(_date("first").min(), _date("last").max())
    fifth, sixteenth = (pl.col("born").dt.offset_by(f"{age}y") for age in (5, 16))
    month, year = fifth.dt.month(), fifth.dt.year()
    june = pl.date(sixteenth.dt.year() + (sixteenth.dt.month() >= 9), 6, 30)
    return (
        dense.join(notices, on=KEY, how="left")
        .with_columns(_date("admitted_on"), _date("left_on"), _date("born"))
        .select(
            *KEY,
            "class",
            "marks",
            "count",
            "first",
            "last",
            "admitted_on",
            pl.col("left_on").fill_null(pl.date(9999, 1, 1)),
            age_known=pl.col("born").is_not_null(),
            of_age=pl.when(month <= 3)
            .then(pl.date(year, 3, 31))
            .when(month <= 8)
            .then(pl.date(year, 8, 31))
            .otherwise(pl.date(year, 12, 31))
            .fill_null(pl.date(1, 1, 1)),
            until_age=(june - pl.duration(days=(june.dt.weekday() - 5) % 7)).fill_null(pl.date(9999, 1, 1)),
        )
        .sort("school_id", "upn")
    )


def _dense(store: Path, days: pl.DataFrame) -> pl.DataFrame:
    """Pupils with the marks of every day of the grid: blanks are put in where a week has no row."""
    weeks = days.group_by("school_id", maintain_order=True).agg(
        all_weeks=pl.col("monday").unique(maintain_order=True).dt.to_string().str.join(" "), count=pl.len()
    )
    register = frame(store, sql.REGISTER)
    pupils = frame(store, sql.PUPILS)
    both = pupils.join(register, on=KEY, how="left").join(weeks, on="school_id")
    whole = both.filter(pl.col("weeks").eq_missing(pl.col("all_weeks")))
    gaps = both.filter(pl.col("weeks").ne_missing(pl.col("all_weeks")))
    filled = (
        gaps.select(*KEY, week=pl.col("all_weeks").str.split(" "))
        .explode("week")
        .join(
            gaps.select(
                *KEY,
                week=pl.col("weeks").str.split(" "),
                text=pl.col("marks").str.extract_all(".{20}"),
            ).explode("week", "text"),
            on=[*KEY, "week"],
            how="left",
            maintain_order="left",
        )
        .group_by(KEY, maintain_order=True)
        .agg(marks=pl.col("text").fill_null(" " * 20).str.join(""))
    )
    return pl.concat([whole, gaps.drop("marks").join(filled, on=KEY).select(whole.columns)])


def _date(name: str) -> pl.Expr:
    """A day as SQLite spells it, null where it is empty; a column without any row has no type of its own."""
    return pl.col(name).cast(pl.String).str.to_date(strict=False)
