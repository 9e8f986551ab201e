"""Many letters in one document, and the list of what is in it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Final

from messaging.letters import Posting, print_run
from tests.messaging.letters.written import LETTER, TEXT, pages

LONG: Final = replace(LETTER, ref="LONGLONG", text=f"{TEXT}\n\n" * 4, large_print=True)
URDU: Final = replace(
    LETTER, ref="URDU2345", addressee="=Khan", text="آپ کا بچہ", title="اسکول", language="ur"
)
FAR: Final = replace(LETTER, ref="FAR23456", addressee="+Far", address=("1 Far Lane", "AB1 2CD"))
POSTINGS: Final = [Posting(f"m-{letter.ref}", letter) for letter in (LONG, URDU, LETTER, FAR)]


def test_each_letter_has_sheets_of_its_own() -> None:
    """By postcode and name; every first page is odd, and a page between is blank."""
    run = print_run(POSTINGS)
    refs = [each.posting.letter.ref for each in run.printed]
    assert refs == ["FAR23456", "URDU2345", "K7M3Q2XA", "LONGLONG"]
    assert [(each.first_page, each.last_page) for each in run.printed] == [(1, 1), (3, 3), (5, 5), (7, 9)]
    found = pages(run.pdf)
    assert len(found) == 9
    assert [page == "" for page in found] == [number in (1, 3, 5) for number in range(9)]
    for each in run.printed:
        assert each.posting.letter.ref in found[each.first_page - 1]
    assert found[8].endswith("LONGLONG 3 / 3")
    assert "/ 3" not in found[4]


def test_one_sided_there_is_no_blank_page() -> None:
    """Nothing is wasted where nothing is printed on the back."""
    run = print_run(POSTINGS, duplex=False)
    assert [each.first_page for each in run.printed] == [1, 2, 3, 4]
    assert all(pages(run.pdf))


def test_the_manifest_finds_every_letter_again() -> None:
    """Number, reference, message, name, pages, and the fingerprint of the words; no field is a formula."""
    rows = list(csv.DictReader(io.StringIO(print_run(POSTINGS).manifest)))
    assert [row["addressee"] for row in rows] == ["'+Far", "'=Khan", "Mrs A Khan", "Mrs A Khan"]
    assert rows[3] == {
        "number": "4",
        "ref": "LONGLONG",
        "message_id": "m-LONGLONG",
        "addressee": "Mrs A Khan",
        "first_page": "7",
        "last_page": "9",
        "pages": "3",
        "sha256_of_words": LONG.digest,
    }


def test_the_same_letters_are_the_same_bytes() -> None:
    """In whatever order they come."""
    assert print_run(POSTINGS) == print_run(POSTINGS[::-1])


def test_one_that_cannot_be_printed_keeps_back_no_other() -> None:
    """No address, a letter that no font has, the same message again: each is said, the rest is printed."""
    nowhere = Posting("m-nowhere", replace(LETTER, address=()))
    unwritten = Posting("m-unwritten", replace(LETTER, text="中"))
    again = replace(POSTINGS[0], letter=replace(LETTER, ref="AGAIN234"))
    run = print_run([*POSTINGS, nowhere, unwritten, again])
    assert {posting.message_id: why[:22] for posting, why in run.refused} == {
        "m-nowhere": "no address for Mrs A K",
        "m-unwritten": "no font that comes wit",
        "m-LONGLONG": "this message stands in",
    }
    assert len(run.printed) == 4


def test_no_letter_is_no_document() -> None:
    """All refused, or none asked for: no page, and a manifest of its heading alone."""
    run = print_run([Posting("m-1", replace(LETTER, addressee=""))])
    assert (run.pdf, run.printed, len(run.refused)) == (b"", (), 1)
    assert run.manifest.count("\n") == 1
