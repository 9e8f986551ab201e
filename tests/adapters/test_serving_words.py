"""The service takes up a trust's wordings as it does its rules, and leaves out those with a mistake."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from adapters.bootstrap import Service
from adapters.config import TemplateFolders
from adapters.mis.csv_folder import CsvFolder
from adapters.mis.quarantine import QuarantineFolder
from adapters.serve.serving import Serving
from messaging.templates import TEMPLATES_FOLDER
from tests.acceptance.small import small_school, write
from tests.adapters.test_serve import DAY, TOP, Clock, settings, told
from workflows.take_in import take_in


def test_wordings_are_taken_up_and_those_with_a_mistake_left_out(tmp_path: Path) -> None:
    """A trust's own counts from the next look on; broken, it is told of and ours is used."""
    clock = Clock(f"{DAY}T08:46")
    (tmp_path / "rules").mkdir()
    for name in ("runs.yaml", "first-days.yaml"):
        shutil.copy(TOP / "rules" / "trust" / name, tmp_path / "rules")
    config = replace(settings(tmp_path), templates=TemplateFolders(tmp_path / "words", tmp_path / "none"))
    with closing(Service(config, clock=clock)) as service:
        service.ready()
        folder = write(tmp_path / "school", small_school())
        take_in(service.store, CsvFolder([folder]), clock(), QuarantineFolder(tmp_path), lambda *_: None)
    with closing(Serving(config, clock)) as serving:
        told(serving)
        place = tmp_path / "words" / "first-day" / "sms.en.txt"
        place.parent.mkdir(parents=True)
        ours = (TEMPLATES_FOLDER / "first-day" / "sms.en.txt").read_text(encoding="utf-8")
        signed = ours.replace("owner:", "author: A\ndate: soon\nowner:")
        place.write_text(signed, encoding="utf-8")
        assert told(serving) == ["wording_left_out"]
        mended = signed.replace("soon", "2025-11-20").replace("we do not know", "we wonder")
        place.write_text(mended, encoding="utf-8")
        clock.goes_to("09:11")
        assert told(serving) == ["run_done morning-register"]
        with serving.store.reading() as unit:
            (message,) = unit.messages()
        assert "we wonder why yet" in message.text
        place.unlink()
        assert told(serving) == []
