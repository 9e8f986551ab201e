"""The whole way from CSV files to the real store."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from adapters.store import open_store, upgrade
from workflows.take_in import take_in

RECORDED = datetime(2025, 9, 15, 9, 30, tzinfo=UTC)
FILES = {
    "schools.csv": "school_id,name,phase\nS1,Green,secondary\n",
    "calendar.csv": "school_id,date,am,pm\nS1,2025-09-15,1,1\nS1,2025-09-16,1,1\n",
    "pupils.csv": "upn,school_id,first_name,last_name,year_group,admitted_on\n"
    "P1,S1,Lisa,Woods,7,2025-09-01\n",
    "contacts.csv": "contact_id,upn,name,relationship,parental_responsibility,lives_with,priority,"
    "restriction\n"
    "C1,P1,Ann,Mother,1,1,1,injunction\n",
    "marks.csv": "upn,date,session,code\nP1,2025-09-15,AM,/\nP1,2025-09-15,PM,I\nP1,2025-09-16,AM,!\n",
}


def test_files_are_in_the_store_once_however_often_they_are_imported(tmp_path: Path) -> None:
    """Facts come back as they were given; a second import adds no ledger entry; the chain verifies."""
    for name, content in FILES.items():
        (tmp_path / name).write_text(content, encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'firstbell.db'}"
    upgrade(url)
    with open_store(url, codes_hash="c") as store:
        quarantine = QuarantineFolder(tmp_path)
        for _ in range(2):
            receipt = take_in(store, CsvFolder([tmp_path]), RECORDED, quarantine, lambda *_: None)
            with store.reading() as unit:
                assert len(unit.ledger()) == 5
                assert unit.verify()[1] == ()
            assert receipt.refused == 1
            assert "is no attendance code" in Path(receipt.quarantine).read_text(encoding="utf-8")
        with store.reading() as unit:
            facts = unit.facts("S1", RECORDED)
    assert facts.pupils[0].admitted_on == date(2025, 9, 1)
    assert facts.contacts[0].restriction == "ask_dsl"
    assert np.array_equal(facts.marks.cells[0, :3], np.array([b"/", b"I", b""], "S2"))
