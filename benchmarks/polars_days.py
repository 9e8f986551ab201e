"""Polars' answers: the days that are not plainly present, as two small integers each, one for each mark.

A day is one number of the text (four characters); a mark's meaning is a gather from a table of 65,536. Runs
are looked for only where the last day does not rule them out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add

import numpy as np
import polars as pl

from benchmarks import peer_sql as sql
from benchmarks.asked import PUPIL, TODAY, WEEKS_OF_A_CHANGE, WEEKS_OF_A_NOTICE
from benchmarks.polars_rows import AM, KEY, PM

_MARK = 65_536
_PLAIN = int.from_bytes(sql.PLAIN.encode(), "little")
_WEEK = pl.col("week_back")
WINDOWS = {
    "": pl.col("this_year"),
    "late_": _WEEK <= WEEKS_OF_A_CHANGE,
    "early_": _WEEK.is_between(WEEKS_OF_A_CHANGE + 1, 2 * WEEKS_OF_A_CHANGE),
}


def answers_of(pupils: pl.DataFrame, days: pl.DataFrame) -> pl.DataFrame:
    """The answers of pupils whose schools have equally many days; `pupils` in the order of the key."""
    count = pupils["count"][0]
    days = days.join(pupils.select("school_id").unique(), on="school_id", how="semi").sort("school_id", "day")
    school = pupils.select(pl.col("school_id").rank("dense").cast(pl.Int32) - 1).to_series()
    pair = (
        pl.col("marks").cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt32, count), endianness="little")
    )
    pupils = pupils.with_columns(row=pl.int_range(pl.len(), dtype=pl.Int32), school=school, pair=pair)
    held = days.group_by("school_id").agg(
        ((pl.col(AM).cast(pl.Int64) + pl.col(PM)) * inside).sum().alias(f"{window}held")
        for window, inside in WINDOWS.items()
    )
    found = (
        pupils.lazy()
        .select("row", *KEY, "class", "age_known")
        .join(held.lazy(), on="school_id")
        .join(_sums(pupils, days, count), on="row", how="left")
        .join(_runs(pupils, days, count), on="row", how="left")
        .with_columns(pl.selectors.numeric().fill_null(0))
        .with_columns(
            (pl.col(f"{window}held") - pl.col(f"{window}lost")).alias(f"{window}possible")
            for window in WINDOWS
        )
        .with_columns(*_bounds())
        .sort("row")
    )
    return found.select(*KEY, "class", pl.col(*PUPIL)).collect()


def _bounds() -> Iterable[pl.Expr]:
    """What follows from the sums of a pupil."""

    def counts(window: str) -> tuple[pl.Expr, ...]:
        absent, possible, blank = (pl.col(f"{window}{name}") for name in ("absent", "possible", "blank"))
        return absent, possible, absent + blank, possible + blank

    (absent, possible, most, whole), (before, base, most_before, whole_before) = map(
        counts, ("late_", "early_")
    )
    yield (absent * base - before * possible).alias("change")
    yield (absent * whole_before - most_before * whole).alias("change_least")
    yield (most * whole_before - before * whole).alias("change_most")
    yield (possible * base).alias("change_of")
    yield (whole * whole_before).alias("change_of_whole")
    for name in ("towards_notice", "ill"):
        yield pl.when("age_known").then(name).otherwise(0).alias(f"{name}_least")
        yield (pl.col(name) + pl.col(f"{name}_blank")).alias(f"{name}_most")
    for name in sql.OF_AGE:
        yield pl.when("age_known").then(f"{name}_shortest").otherwise(0).alias(f"{name}_least")
    yield pl.max_horizontal("age_of_n", "age_of_blank").alias("age_of_n_most")
    doubt = pl.col("age_of_blank") > pl.col("age_of_n")
    yield pl.when(doubt).then("older_blank").otherwise(0).alias("age_of_n_blank")


def _met(pupils: pl.LazyFrame, days: pl.DataFrame, count: int, *, plain: bool) -> pl.LazyFrame:
    """A row for each pupil and day, with the flags of both marks; plainly present days only if asked for."""
    table = np.full(_MARK, sql.POSSIBLE, dtype=np.uint16)
    for cell, flags in sql.flags().items():
        table[int.from_bytes(cell.encode(), "little")] = flags
    meaning = pl.lit(pl.Series(table))

    def of_half(half: str, mark: pl.Expr) -> pl.Expr:
        on_roll = pl.col("date").is_between("admitted_on", "left_on")
        met = pl.when(on_roll).then(meaning.gather(mark)).otherwise(pl.lit(sql.PASSED, pl.UInt16))
        return pl.when(half).then(met).otherwise(pl.lit(0, pl.UInt16)).alias(half)

    pairs = pupils.select("place", "pair").explode("pair")
    pairs = pairs.with_columns(day=pl.int_range(pl.len(), dtype=pl.Int32) % count)
    known = pupils.select("row", "school", "admitted_on", "left_on", "of_age", "until_age", "first", "last")
    people = known.collect()
    at = pl.col("school") * count + pl.col("day")
    return (
        (pairs if plain else pairs.filter(pl.col("pair") != _PLAIN))
        .with_columns(pl.lit(people[name]).gather(pl.col("place")).alias(name) for name in people.columns)
        .with_columns(
            pl.lit(days[name]).gather(at).alias(name)
            for name in (AM, PM, "date", "this_year", "week_back", "school_day", "school_days")
        )
        .with_columns(of_half(AM, pl.col("pair") & (_MARK - 1)), of_half(PM, pl.col("pair") // _MARK))
        .with_columns(
            blanks=_count(sql.BLANK),
            aged=pl.col("date").is_between("of_age", "until_age"),
            always=pl.lit(1) == 1,
        )
    )


def _sums(pupils: pl.DataFrame, days: pl.DataFrame, count: int) -> pl.LazyFrame:
    """The numbers of each pupil who has a day that is not plainly present."""
    notice = pl.col("date").is_between(pl.col("first").fill_null(pl.date(1, 1, 1)), "last")
    counts = (_WEEK <= WEEKS_OF_A_NOTICE) & pl.col("aged") & ~notice.fill_null(value=False)
    blanks, today, aged = pl.col("blanks"), pl.col("date") == TODAY, pl.col("this_year") & pl.col("aged")
    summed = {
        "unexplained_today": today * _count(sql.UNEXPLAINED),
        "blank_today": today * blanks,
        "towards_notice": counts * _count(sql.UNAUTHORISED),
        "towards_notice_blank": counts * blanks,
        "ill": aged * _count(sql.ILL),
        "ill_blank": aged * blanks,
        "older_blank": blanks * (pl.col("school_day") < pl.col("oldest")),
    }
    for window, inside in WINDOWS.items():
        summed[f"{window}absent"] = inside * _count(sql.ABSENT)
        summed[f"{window}blank"] = inside * blanks
        summed[f"{window}lost"] = inside * _count(sql.PASSED | sql.BLANK)
    odd = (
        _met(pupils.lazy().with_columns(place="row"), days, count, plain=False)
        .filter((pl.col(AM) | pl.col(PM)) & sql.ODD != 0)
        .with_columns(oldest=_days_of(sql.UNEXPLAINED).min().over("row").fill_null(pl.col("school_days") - 1))
    )
    return odd.group_by("row").agg(
        *(each.cast(pl.Int64).sum().alias(name) for name, each in summed.items()),
        age_of_n=_age(sql.UNEXPLAINED),
        age_of_blank=_age(sql.BLANK),
    )


def _runs(pupils: pl.DataFrame, days: pl.DataFrame, count: int) -> pl.LazyFrame:
    """Every run of each pupil whom the last day does not plainly rule out."""
    last = pl.col("pair").arr.get(_last_day(days))
    ruled_out = (last == _PLAIN) & (pl.lit(TODAY) <= pl.col("until_age"))
    standing = pupils.lazy().filter(~ruled_out).with_columns(place=pl.int_range(pl.len(), dtype=pl.Int32))
    met = _met(standing, days, count, plain=True).collect()
    ends = {run: met.select(_ends(run)).to_series() for run in sql.RUNS}
    after = {
        run: met["day"]
        > met.select(pl.when(ends[run]).then("day").otherwise(-1))
        .to_series()
        .reshape((-1, count))
        .arr.max()
        .gather(met["place"])
        for run in sql.RUNS
    }
    left = met.with_columns(each.alias(f"{run}_stands") for run, each in after.items())
    return (
        left.lazy()
        .filter(pl.any_horizontal(f"{run}_stands" for run in sql.RUNS))
        .with_columns(
            pl.when(pl.col(f"{run}_stands") & pl.col(_counts(run)) & (pl.col("blanks") > 0))
            .then("day")
            .otherwise(-1)
            .max()
            .over("row")
            .alias(f"{run}_break")
            for run in sql.RUNS
        )
        .group_by("row")
        .agg(number for run in sql.RUNS for number in _lengths(run))
    )


def _lengths(run: str) -> Iterable[pl.Expr]:
    """The shortest and the longest a run can be, and the blanks that make the difference."""
    inside = pl.col(f"{run}_stands") & pl.col(_counts(run))
    doubtful = inside & (pl.col("blanks") > 0)
    coded = inside & (pl.col("blanks") == 0) & (_count(sql.RUNS[run]) > 0)
    shortest = (coded & (pl.col("day") > pl.col(f"{run}_break"))).cast(pl.Int64).sum()
    longest = (coded | doubtful).cast(pl.Int64).sum()
    yield shortest.alias(f"{run}_shortest")
    yield longest.alias(f"{run}_longest")
    blanks = (inside * pl.col("blanks")).cast(pl.Int64).sum()
    yield pl.when(longest > shortest).then(blanks).otherwise(0).alias(f"{run}_blank")


def _ends(run: str) -> pl.Expr:
    """Whether a day ends a run: some mark of it is possible, and not of the run's codes."""
    ending = [(pl.col(half) & sql.POSSIBLE != 0) & (pl.col(half) & sql.RUNS[run] == 0) for half in (AM, PM)]
    return pl.col(_counts(run)) & pl.any_horizontal(ending)


def _counts(run: str) -> str:
    return "aged" if run in sql.OF_AGE else "always"


def _last_day(days: pl.DataFrame) -> int:
    return int(days.filter(pl.col(AM) | pl.col(PM)).select(pl.col("day").max()).item())


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
