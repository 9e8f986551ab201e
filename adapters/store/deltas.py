"""What a journal batch keeps: the rows that changed, old and new, as one compressed blob."""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from adapters.store.cells import SLOTS, place
from engine.records import MarkGrid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from adapters.store.rows import Plain


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row that is new (`old` is None) or differs, both sides whole."""

    key: tuple[object, ...]
    old: Plain | None
    new: Plain


def pack_rows(changes: Sequence[RowChange]) -> bytes:
    """Changed rows as compressed JSON, a list of {key, old, new}."""
    listed = [{"key": change.key, "old": change.old, "new": change.new} for change in changes]
    return zlib.compress(json.dumps(listed, ensure_ascii=False, separators=(",", ":")).encode())


def unpack_rows(blob: bytes) -> list[RowChange]:
    """What `pack_rows` packed."""
    return [RowChange(tuple(c["key"]), c["old"], c["new"]) for c in json.loads(zlib.decompress(blob))]


@dataclass(frozen=True, slots=True, eq=False)
class MarkChanges:
    """Changed marks, an array a column: `upns[pupil]` had `old` and now has `new` (S2, empty: no mark).

    `day` is a proleptic ordinal, `half` 0 for AM and 1 for PM, `entered_at` the source's time of entry
    in epoch seconds (-1: not given), `minutes_late` -1 where not given.
    """

    upns: NDArray[np.str_]
    pupil: NDArray[np.int32]
    day: NDArray[np.int32]
    half: NDArray[np.int8]
    old: NDArray[np.bytes_]
    new: NDArray[np.bytes_]
    entered_at: NDArray[np.int64]
    minutes_late: NDArray[np.int32]


def pack_marks(changes: MarkChanges) -> bytes:
    """Changed marks as a compressed numpy archive, readable without pickle."""
    blob = io.BytesIO()
    np.savez_compressed(
        blob, allow_pickle=False, **{field.name: getattr(changes, field.name) for field in fields(changes)}
    )
    return blob.getvalue()


def unpack_marks(blob: bytes) -> MarkChanges:
    """What `pack_marks` packed."""
    with np.load(io.BytesIO(blob), allow_pickle=False) as archive:
        return MarkChanges(**{field.name: archive[field.name] for field in fields(MarkChanges)})


def fold_marks(batches: Sequence[MarkChanges]) -> MarkGrid:
    """The register after these batches, applied in their order onto nothing."""
    upns = sorted({upn for batch in batches for upn in batch.upns.tolist()})
    placed = [place(batch.day) for batch in batches]
    weeks = np.unique(np.concatenate([monday for monday, _ in placed])) if placed else np.empty(0, np.int32)
    row = {upn: index for index, upn in enumerate(upns)}
    cells = np.zeros((len(upns), len(weeks), SLOTS), "S2")
    for batch, (monday, weekday) in zip(batches, placed, strict=True):
        rows = np.array([row[upn] for upn in batch.upns.tolist()], np.int32)[batch.pupil]
        cells[rows, np.searchsorted(weeks, monday), 2 * weekday + batch.half] = batch.new
    marked = cells != b""
    pupils, school_weeks = marked.any(axis=(1, 2)), marked.any(axis=(0, 2))
    kept = cells[pupils][:, school_weeks]
    return MarkGrid(
        upns=tuple(upn for upn, keep in zip(upns, pupils.tolist(), strict=True) if keep),
        weeks=weeks[school_weeks].astype(np.int32),
        cells=kept.reshape(len(kept), -1) if kept.size else np.zeros((len(kept), 0), "S2"),
    )
