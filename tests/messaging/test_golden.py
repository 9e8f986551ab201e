"""Golden files: what they hold, and how a change shows."""

from __future__ import annotations

import shutil
from pathlib import Path

from messaging.golden import changes, differences, golden
from messaging.templates import TEMPLATES_FOLDER, read


def test_a_change_of_words_is_shown_where_it_stands(tmp_path: Path) -> None:
    """Line and both wordings; none where the file agrees, or is not there."""
    home = tmp_path / "welcome-back"
    shutil.copytree(TEMPLATES_FOLDER / "welcome-back", home)
    path = home / "sms.en.txt"
    assert differences(read(path)) == ()
    assert changes(read(path)) == ""
    path.write_text(path.read_text(encoding="utf-8").replace("good to have", "fine to see"), encoding="utf-8")
    (fault,) = differences(read(path))
    assert (fault.source.name, fault.line) == ("sms.en.golden", 4)
    assert "expected 'Ashgrove Academy: it is good to have Amara back." in fault.sentence
    assert "the template makes 'Ashgrove Academy: it is fine to see Amara back." in fault.sentence
    assert "\n+Ashgrove Academy: it is fine to see Amara and Ben back." in changes(read(path))
    read(path).golden.write_text("", encoding="utf-8")
    assert "expected 'nothing'" in differences(read(path))[0].sentence
    read(path).golden.unlink()
    assert (differences(read(path)), changes(read(path))) == ((), "")


def test_a_wording_without_a_child_has_no_two_children(tmp_path: Path) -> None:
    """Only what it speaks of is shown."""
    path = tmp_path / "note" / "call.en.txt"
    path.parent.mkdir()
    front = (
        "purpose: absence\nstage: x\nowner: office\nversion: 1\nwhen: Now.\nvariables: school\nreading_age: 9"
    )
    path.write_text(f"---\n{front}\n---\nCall {{{{ school }}}}.\n", encoding="utf-8")
    assert golden(read(path)).endswith("\n\n=== plain\nCall Ashgrove Academy.\n")
