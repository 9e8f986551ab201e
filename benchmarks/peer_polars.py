"""Polars over the store: one row a pupil is read, the register is unpacked as integers, day by day.

The best we could write. Plain counts never leave the text; for the measures see polars_rows and polars_days.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import peer_sql as sql
from benchmarks.asked import Answers
from benchmarks.polars_days import answers_of
from benchmarks.polars_rows import KEY, days_of, frame, pupils_of


def read(store: Path) -> None:
    """The register alone."""
    frame(store, sql.REGISTER)


def plain(store: Path) -> Answers:
    """Absent and possible sessions of the year."""
    marks = pl.col("marks").str
    found = (
        frame(store, sql.REGISTER)
        .lazy()
        .sort(KEY)
        .select(
            absent=marks.count_matches(sql.pattern(sql.ABSENT)),
            possible=marks.len_bytes() // 2 - marks.count_matches(sql.pattern(sql.NOT_POSSIBLE)),
        )
        .collect()
    )
    return _numbers(found)


def measures(store: Path) -> Answers:
    """Every measure that the shipped packs ask for."""
    days = days_of(store)
    pupils = pupils_of(store, days)
    lengths = pupils["count"].unique().to_list()
    found = pl.concat(answers_of(pupils.filter(pl.col("count") == count), days) for count in lengths).sort(
        KEY
    )
    classes = found.group_by("school_id", "class").agg(class_blank=pl.col("blank").sum())
    classes = classes.sort("school_id", "class")
    return _numbers(found.drop(*KEY, "class")) | _numbers(classes.select("class_blank"))


def _numbers(found: pl.DataFrame) -> Answers:
    return {name: found[name].to_numpy().astype(np.int64) for name in found.columns}
