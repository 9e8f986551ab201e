"""Polars' answers: every day of every pupil as two small integers, one for each mark.

A day is one number of the text (four characters), a mark's meaning is a gather from a table of 65,536; sums
over the whole year run on fixed-width arrays, and only days that are not plainly present are grouped.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

import numpy as np
import polars as pl

from benchmarks import peer_sql as sql
from benchmarks.asked import PUPIL, TODAY, WEEKS_OF_A_NOTICE
from benchmarks.polars_rows import AM, KEY, PM

ENDS_NO_RUN = sql.DAY | sql.PASSED | sql.BLANK | sql.OUT
ODD = sql.ABSENT | sql.UNAUTHORISED | sql.DAY | sql.UNEXPLAINED | sql.PASSED | sql.BLANK


def answers_of(pupils: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The answers of pupils whose schools have equally many days; `pupils` in the order of the key."""
    count = pupils["count"][0]
    days = days.join(pupils.select("school_id").unique(), on="school_id", how="semi").sort("school_id", "day")
    grid = _grid(pupils, days, count)
    last_end = (
        grid.select(pl.when("ends").then("day").otherwise(-1)).to_series().reshape((-1, count)).arr.max()
    )
    possible = grid["possible"].reshape((-1, count)).arr.sum()
    sums = _sums(_odd(grid, pupils, days, last_end, count))
    return (
        pupils.lazy()
        .with_columns(row=pl.int_range(pl.len(), dtype=pl.Int32), possible=possible)
        .join(sums, on="row", how="left")
        .with_columns(
            age_of_n=pl.col("age_of_n").fill_null(0), age_of_blank=pl.col("age_of_blank").fill_null(0)
        )
        .with_columns(
            towards_notice_least=pl.when("age_known").then("towards_notice").otherwise(0),
            towards_notice_most=pl.col("towards_notice") + pl.col("notice_blank"),
            run_blank=pl.when(pl.col("run_longest") > pl.col("run_shortest")).then("run_blank").otherwise(0),
            age_of_n_most=pl.max_horizontal("age_of_n", "age_of_blank"),
            age_of_n_blank=pl.when(pl.col("age_of_blank") > pl.col("age_of_n"))
            .then("older_blank")
            .otherwise(0),
        )
        .select(*KEY, "class", pl.col(*PUPIL).fill_null(0))
        .collect()
    )


def _grid(pupils: pl.DataFrame, days: pl.DataFrame, count: int) -> pl.DataFrame:
    """One row for each pupil and day: the flags of both marks; `at` is the day's row in `days`."""
    table = np.full(65536, sql.POSSIBLE, dtype=np.uint8)
    for cell, flags in sql.flags().items():
        table[int.from_bytes(cell.encode(), "little")] = flags
    meaning = pl.lit(pl.Series(table))
    pair = (
        pl.col("marks").cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt32, count), endianness="little")
    )
    school = pupils.select(pl.col("school_id").rank("dense").cast(pl.Int32) - 1).to_series()

    def of_half(half: str, mark: pl.Expr) -> pl.Expr:
        met = pl.when("on_roll").then(meaning.gather(mark)).otherwise(pl.lit(sql.OUT, pl.UInt8))
        return pl.when(_of_day(days, half)).then(met).otherwise(pl.lit(0, pl.UInt8)).alias(half)

    return (
        pupils.lazy()
        .select("admitted_on", "left_on", begin=school * count, pair=pair)
        .explode("pair")
        .with_columns(day=(pl.int_range(pl.len(), dtype=pl.Int32) % count).cast(pl.Int16))
        .with_columns(at=pl.col("begin") + pl.col("day"))
        .with_columns(date=_of_day(days, "date"))
        .with_columns(on_roll=pl.col("date").is_between("admitted_on", "left_on"))
        .select(
            "day", "at", "date", of_half(AM, pl.col("pair") & 0xFFFF), of_half(PM, pl.col("pair") // 65536)
        )
        .with_columns(
            ends=pl.any_horizontal((pl.col(h) != 0) & (pl.col(h) & ENDS_NO_RUN == 0) for h in (AM, PM)),
            possible=pl.when(_of_day(days, "this_year")).then(_count(sql.POSSIBLE)).otherwise(0),
        )
        .collect()
    )


def _odd(
    grid: pl.DataFrame, pupils: pl.DataFrame, days: pl.DataFrame, last_end: pl.Series, count: int
) -> pl.LazyFrame:
    """The days of the grid that are not plainly present, with all that the sums ask of them."""
    notice = pl.col("date").is_between(pl.col("first").fill_null(pl.date(1, 1, 1)), "last")
    row = pl.col("row")
    return (
        grid.lazy()
        .with_columns(row=pl.int_range(pl.len(), dtype=pl.Int32) // count)
        .filter((pl.col(AM) | pl.col(PM)) & ODD != 0)
        .with_columns(
            *(
                _of_day(days, name).alias(name)
                for name in ("this_year", "week_back", "school_day", "school_days")
            ),
            *(
                pl.lit(pupils[name]).gather(row).alias(name)
                for name in ("first", "last", "of_age", "until_age")
            ),
            last_end=pl.lit(last_end).gather(row),
            blanks=_count(sql.BLANK),
        )
        .with_columns(
            counts=(pl.col("week_back") <= WEEKS_OF_A_NOTICE)
            & pl.col("date").is_between("of_age", "until_age")
            & ~notice.fill_null(value=False),
            doubtful=~pl.col("ends") & (pl.col("blanks") > 0),
            coded=~pl.col("ends") & (pl.col("blanks") == 0) & (_count(sql.DAY) > 0),
        )
        .with_columns(
            last_break=pl.max_horizontal(
                "last_end", pl.when("doubtful").then("day").otherwise(-1).max().over("row")
            ),
            oldest=_days_of(sql.UNEXPLAINED).min().over("row").fill_null(pl.col("school_days") - 1),
        )
    )


def _sums(odd: pl.LazyFrame) -> pl.LazyFrame:
    """The numbers of each pupil who has an odd day."""
    day, blanks = pl.col("day"), pl.col("blanks")
    summed = {
        "absent": pl.col("this_year") * _count(sql.ABSENT),
        "blank": pl.col("this_year") * blanks,
        "unexplained_today": (pl.col("date") == TODAY) * _count(sql.UNEXPLAINED),
        "blank_today": (pl.col("date") == TODAY) * blanks,
        "towards_notice": pl.col("counts") * _count(sql.UNAUTHORISED),
        "notice_blank": pl.col("counts") * blanks,
        "run_shortest": pl.col("coded") & (day > pl.col("last_break")),
        "run_longest": (pl.col("coded") | pl.col("doubtful")) & (day > pl.col("last_end")),
        "run_blank": blanks * (day > pl.col("last_end")),
        "older_blank": blanks * (pl.col("school_day") < pl.col("oldest")),
    }
    return odd.group_by("row").agg(
        *(each.cast(pl.Int64).sum().alias(name) for name, each in summed.items()),
        age_of_n=_age(sql.UNEXPLAINED),
        age_of_blank=_age(sql.BLANK),
    )


def _of_day(days: pl.DataFrame, name: str) -> pl.Expr:
    return pl.lit(days[name]).gather(pl.col("at"))


def _count(flag: int) -> pl.Expr:
    """How many of a day's two marks have a flag."""
    return _plus((pl.col(half) & flag != 0).cast(pl.UInt8) for half in (AM, PM))


def _plus(parts: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(add, parts)


def _days_of(flag: int) -> pl.Expr:
    """The school day of each row with a flag; null elsewhere."""
    return pl.when((pl.col(AM) | pl.col(PM)) & flag != 0).then("school_day")


def _age(flag: int) -> pl.Expr:
    """School days since the first day with a flag."""
    return pl.col("school_days").first() - _days_of(flag).min() - 1
