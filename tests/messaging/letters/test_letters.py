"""Letters as PDF: what a screen reader finds, what shows in the envelope's window, what is never printed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from itertools import pairwise
from typing import Final

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.letters import Letter, LetterRefused, pdf
from messaging.letters.layout import laid_out, said_of
from tests.messaging.letters.written import LETTER, TEXT, pages, pieces, tags

WINDOW: Final = (24.6, 120, 40, 66.2)
"""Left, right, top and bottom of the address in mm, as GOV.UK Notify has it."""
MARKUP: Final = "#panic() *bold* $x$ <label> @ref [O'Neil] \\ // `raw` = head"
MORE: Final = "We would like to help, and to hear from you what would. " * 8
LANGUAGES: Final = ("en", "cy", "pl", "ur", "ar", "fa", "he-IL", "pa")
LETTERS: Final = "abcŵŷłżÅéñDÆØ" + "абґІΩλ" + "ابپتٹچڑگںہےيةﷺ١٢" + "09 '’-–.,:/()%&*#_@<>$\\`~[]{}=+\"!?£€"


def test_a_screen_reader_finds_its_way() -> None:
    """Language, title, headings in steps, a list, a table whose header cells say what they head; in order."""
    document = pdf(replace(LETTER, language="cy", label="Statutory notice"))
    with pikepdf.open(io.BytesIO(document)) as read:
        assert str(read.Root.Lang) == "cy"
        assert bool(read.Root.MarkInfo.Marked)
        assert bool(read.Root.ViewerPreferences.DisplayDocTitle)
        with read.open_metadata() as said:
            assert said["dc:title"] == LETTER.title
            assert said["pdfuaid:part"] == "1"
        elements = [each for each in read.objects if isinstance(each, pikepdf.Dictionary)]
        headers = [str(each.A[0].Scope) for each in elements if each.get("/S") == "/TH"]
    assert headers == ["/Column", "/Column"]
    found = " ".join(tag.strip() for tag in tags(document) if tag.strip() not in ("Strong", "Span"))
    head = "P " * 6  # school, address, letterhead, date, reference; the label
    row = "TR TD TD"
    table = f"Table THead TR TH TH TBody {row} {row}"
    assert found == f"Document {head}H1 P P H2 {table} H2 L LI Lbl LBody LI Lbl LBody P"


def test_every_word_is_read_or_an_artifact() -> None:
    """The page number and the reference at the foot are read out on no page; no word is out of the order."""
    document = pdf(replace(LETTER, text=f"{TEXT}\n\n" * 3))
    with pikepdf.open(io.BytesIO(document)) as read:
        feet = []
        for page in read.pages:
            open_now, loose, artifacts = [], 0, 0
            for each in pikepdf.parse_content_stream(page):
                operator = str(each.operator)
                if operator in ("BDC", "BMC"):
                    open_now.append(str(each.operands[0]))
                elif operator == "EMC":
                    open_now.pop()
                elif operator in ("Tj", "TJ"):
                    loose += not open_now
                    artifacts += "/Artifact" in open_now
            assert loose == 0
            feet.append(artifacts)
    assert feet == [0, 2]
    first, second = pages(document)
    assert " / 2" not in first
    assert second.endswith("K7M3Q2XA 2 / 2")


def test_words_stand_in_the_order_they_are_read_in() -> None:
    """School, name, address, sender, date, reference, title, body: nothing of it is markup."""
    same = replace(LETTER, addressee=MARKUP, title=MARKUP, text=MARKUP, school=MARKUP, date=MARKUP)
    (words,) = pages(pdf(same))
    assert words.count(MARKUP) == 5
    (words,) = pages(pdf(LETTER))
    head = ("Ashgrove", "Mrs A Khan", "12 Mill", "Southampton SO14 1AA", "Church", "Monday 17", "Ref:")
    body = ("Ada and the days", "Dear Mrs", "What was", "Date Session", "• a lift", "Please ring")
    places = [words.index(each) for each in (*head, *body)]
    assert all(before < after for before, after in pairwise(places))


@pytest.mark.parametrize(
    ("addressee", "address"),
    [
        ("Mrs A Khan", LETTER.address),
        ("Mr B Featherstonehaugh-Okonkwo", (*["The Old Rectory Cottages, Upper Mill Lane"] * 5, "SO14 1AA")),
        ("Ms Wilhelmina Wwwwwwwwwwwwwwwwwww", ("Flat 3", "خانہ ٣", "SO14 1AA")),
        ("W" * 60, ("12 Mill Lane", "Southampton", "SO14 1AA")),
    ],
)
def test_the_address_stays_in_the_window(addressee: str, address: tuple[str, ...]) -> None:
    """All of the address and nothing else, also in large print; small enough, never too small to be read."""
    for large in (False, True):
        found = pieces(pdf(replace(LETTER, addressee=addressee, address=address, large_print=large)))
        left, right, top, bottom = WINDOW
        head = [each for each in found if each.x < right and 30 < each.y < 95]
        told = re.sub(r"\s", "", "".join(each.words for each in head))
        assert len(told) >= len("".join((addressee, *address)).replace(" ", "")) - 2  # a ligature is one
        for each in head:
            assert left <= each.x
            assert top + 0.7 * each.size / 72 * 25.4 <= each.y <= bottom - 0.2 * each.size / 72 * 25.4
            assert 8 <= each.size <= 10.5
        body = [each for each in found if each.y > 95]
        assert body[0].words.startswith("Ada")


def test_an_address_that_no_window_holds_is_refused() -> None:
    """Rather than hidden by the edge of the envelope."""
    with pytest.raises(LetterRefused, match="the address is too long for its place on a letter: shorten it"):
        pdf(replace(LETTER, address=(*["W" * 90] * 5, "SO14 1AA")))


def test_large_print_is_the_same_words_larger() -> None:
    """18 point and more, from the first word of the letter to the last, on as many pages as it takes."""
    plain = pdf(replace(LETTER, text=f"{TEXT}\n\n{MORE}"))
    large = pdf(replace(LETTER, text=f"{TEXT}\n\n{MORE}", large_print=True))
    assert [len(pages(each)) for each in (plain, large)] == [1, 2]
    assert min(each.size for each in pieces(large) if each.y > 95 or each.x > 120) >= 18
    assert min(each.size for each in pieces(plain)) >= 10.5
    assert " ".join(pages(large)).removesuffix(" K7M3Q2XA 2 / 2") == " ".join(pages(plain))


def test_from_right_to_left() -> None:
    """Body and columns run from the right, the address does not; a telephone number keeps its order."""
    text = "اتصل بنا 01632 960123\n\n| التاريخ | الوقت |\n| 10/11/2025 | صباحًا |"
    document = pdf(replace(LETTER, language="ar", title="غياب", text=text))
    with pikepdf.open(io.BytesIO(document)) as read:
        assert str(read.Root.Lang) == "ar"
        assert str(read.Root.ViewerPreferences.Direction) == "/R2L"
    found = pieces(document)
    assert next(each.x for each in found if each.words == "12 Mill Lane") == pytest.approx(25, abs=0.1)
    date = next(each for each in found if "10/11" in each.words)
    beside = [each.x for each in found if each.y == date.y and each != date]
    assert beside
    assert date.x > max(beside)
    one, other = (next(each.x for each in found if group in each.words) for group in ("01632", "960123"))
    assert one <= other


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": "for 中文 🚀"}, "can write 中, 文, 🚀: write it in other letters"),
        ({"text": "a\ufffe"}, r"can write U\+FFFE"),
        ({"text": " "}, "the letter to Mrs A Khan: there are no words"),
        ({"text": "| a | b |\n| c |"}, "the letter to Mrs A Khan: the row"),
        ({"address": ()}, "no address for Mrs A Khan"),
        ({"addressee": ""}, "names nobody"),
        ({"title": "\u200b"}, "has no title"),
        ({"school": ""}, "has no name of the school"),
        ({"language": "Welsh"}, "'Welsh' is no language's tag"),
        ({"letterhead": ("W" * 80,) * 30}, "what stands beside the address is too long"),
        ({"school": "W" * 300}, "the name of the school is too long"),
    ],
)
def test_what_is_not_printed_says_why(wrong: dict[str, object], said: str) -> None:
    """No box in place of a letter, no letter to nobody, no half of a name: a sentence instead."""
    with pytest.raises(LetterRefused, match=said):
        pdf(replace(LETTER, **wrong))  # type: ignore[arg-type]


def test_the_same_letter_is_the_same_bytes() -> None:
    """Nothing of this minute or this machine is in it; one word other, and its fingerprint is another."""
    assert pdf(LETTER) == pdf(replace(LETTER))
    other = replace(LETTER, date="Tuesday 18 November 2025")
    assert other.digest != LETTER.digest
    assert LETTER.digest.encode() in pdf(LETTER)
    assert other.digest.encode() not in pdf(LETTER)


words: Final = st.text(LETTERS, min_size=1, max_size=40).filter(lambda text: text.strip() != "")
cells: Final = st.lists(words.map(lambda text: text.replace("|", "/")), min_size=2, max_size=2)


@st.composite
def letters(draw: st.DrawFn) -> Letter:
    """A letter of any words in any of our languages."""
    rows = [f"| {' | '.join(draw(cells))} |" for _ in range(draw(st.integers(1, 30)))]
    return replace(
        LETTER,
        addressee=draw(words),
        title=draw(words),
        school=draw(words),
        date=draw(words),
        label=draw(words),
        text="\n\n".join([draw(words), "## " + draw(words), "\n".join(rows), f"- {draw(words)}", "x" * 400]),
        language=draw(st.sampled_from(LANGUAGES)),
        large_print=draw(st.booleans()),
    )


@settings(max_examples=25)
@given(letters())
def test_typst_finds_every_letter_fit_for_everybody(letter: Letter) -> None:
    """Whatever the words: its own check of PDF/UA-1 passes, and its pages are known."""
    _, ((first, last),) = laid_out([said_of(letter)], "a title", "", duplex=False)
    assert first == 1
    assert 1 <= last <= 6
