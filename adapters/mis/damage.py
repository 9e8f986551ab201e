"""What is wrong with a damaged file or line, in words for the person who exported it."""

from __future__ import annotations

import csv
import re

OVERLONG = "\udfff"
"""Put at the end of a line that was cut because it is too long; no decoded text can hold it."""

SAVE_AGAIN = "save the file as 'CSV UTF-8' and import again"
_KNOWN_STARTS = (
    (b"\xff\xfe", "UTF-16 text ('Unicode Text' in Excel)"),
    (b"\xfe\xff", "UTF-16 text ('Unicode Text' in Excel)"),
    (b"PK\x03\x04", "an Excel workbook with the name of a CSV file"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook with the name of a CSV file"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
)
_STRAY_BYTE = re.compile("[\udc80-\udcff]")


def other_format(start: bytes) -> str:
    """What a file that begins like this seems to be; empty if it may well be CSV.

    >>> other_format("upn".encode("utf-16"))
    "UTF-16 text ('Unicode Text' in Excel)"
    """
    for magic, what in _KNOWN_STARTS:
        if start.startswith(magic):
            return what
    return "UTF-16 text or a binary file" if len(start) >= 8 and start.count(0) * 3 >= len(start) else ""


def doubt(raw: str) -> str:
    """Why a row with strange characters is not taken; empty where it has none."""
    if "\0" in raw:
        return "the line holds NUL bytes, as in a damaged file: export it again"
    if OVERLONG in raw:
        return "the line is longer than a million characters: is it one row?"
    stray = _STRAY_BYTE.search(raw)
    if not stray:
        return ""
    byte = bytes([ord(stray[0]) - 0xDC00])
    guess = byte.decode("cp1252", errors="ignore")
    looks = f", '{guess}' in Windows-1252" if guess and guess.isprintable() else ""
    return f"not UTF-8: byte 0x{byte.hex().upper()} at character {stray.start() + 1}{looks}; {SAVE_AGAIN}"


def not_csv(error: csv.Error, first: int, last: int) -> str:
    """Why csv.reader gave up on the lines from `first` to `last`."""
    words = str(error)
    if "unexpected end of data" in words:
        return (
            f"a quote opens on this line and never closes: the file seems cut off at line {last}, "
            "or a closing quote is missing here"
        )
    if "field larger than" in words:
        if last > first:
            return "a quote opens on this line and never closes"
        return f"a field holds more than {csv.field_size_limit():,} characters"
    if "expected after" in words:
        return "a quote stands inside a quoted field: write it twice, or take the quotes away"
    return f"not readable as CSV ({words})"


def miscounted(found: int, width: int) -> str:
    """Why a row with too few or too many fields is not taken."""
    counted = f"{found} fields where the header has {width}"
    return f"{counted}: a field with a comma in it needs quotes around it" if found > width else counted
