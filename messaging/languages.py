"""The languages that families speak, by the names that schools write for them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

ENGLISH: Final = "en"
_LTR, _RTL = False, True


@dataclass(frozen=True, slots=True)
class Language:
    """One language: its code (ISO 639), its English name, other names, and whether it runs right to left.

    `halves` are its words for a morning and an afternoon, `heads` for the columns of a table of dates: shown
    to the speaker who approves a wording, as part of it.
    """

    code: str
    name: str
    also: tuple[str, ...] = ()
    right_to_left: bool = False
    halves: tuple[str, str] = ("AM", "PM")
    heads: tuple[str, str] = ("Date", "Session")


LANGUAGES: Final = {
    language.code: language
    for language in (
        Language("en", "English", ("eng", "british", "believed to be english")),
        Language("pl", "Polish", ("pol", "polski"), _LTR, ("rano", "po południu"), ("Data", "Pora dnia")),
        Language("ur", "Urdu", ("urd", "اردو"), _RTL, ("صبح", "دوپہر کے بعد"), ("تاریخ", "وقت")),
        Language("ar", "Arabic", ("ara", "العربية"), _RTL, ("صباحًا", "بعد الظهر"), ("التاريخ", "الوقت")),
        Language("cy", "Welsh", ("cym", "wel", "cymraeg"), _LTR, ("bore", "prynhawn"), ("Dyddiad", "Sesiwn")),
        Language("am", "Amharic", ("amh",)),
        Language("bg", "Bulgarian", ("bul",)),
        Language("bn", "Bengali", ("ben", "bangla", "sylheti")),
        Language("cs", "Czech", ("ces", "cze")),
        Language("de", "German", ("deu", "ger", "deutsch")),
        Language("el", "Greek", ("ell", "gre")),
        Language("es", "Spanish", ("spa", "español")),
        Language("fa", "Persian", ("fas", "per", "farsi", "dari"), _RTL),
        Language("fr", "French", ("fra", "fre", "français")),
        Language("gu", "Gujarati", ("guj",)),
        Language("hi", "Hindi", ("hin",)),
        Language("hu", "Hungarian", ("hun",)),
        Language("it", "Italian", ("ita",)),
        Language("ku", "Kurdish", ("kur", "kurmanji")),
        Language("lt", "Lithuanian", ("lit",)),
        Language("lv", "Latvian", ("lav",)),
        Language("ml", "Malayalam", ("mal",)),
        Language("ne", "Nepali", ("nep",)),
        Language("pa", "Punjabi", ("pan", "panjabi")),
        Language("ps", "Pashto", ("pus", "pushto"), _RTL),
        Language("pt", "Portuguese", ("por",)),
        Language("ro", "Romanian", ("ron", "rum", "moldovan")),
        Language("ru", "Russian", ("rus",)),
        Language("sk", "Slovak", ("slk", "slo")),
        Language("so", "Somali", ("som",)),
        Language("sq", "Albanian", ("sqi", "alb", "shqip")),
        Language("ta", "Tamil", ("tam",)),
        Language("te", "Telugu", ("tel",)),
        Language("ti", "Tigrinya", ("tir",)),
        Language("tr", "Turkish", ("tur",)),
        Language("uk", "Ukrainian", ("ukr",)),
        Language("vi", "Vietnamese", ("vie",)),
        Language("yo", "Yoruba", ("yor",)),
        Language("zh", "Chinese", ("zho", "chi", "mandarin", "cantonese")),
    )
}  # fmt: skip

_BY_NAME: Final = {
    name.casefold(): language.code
    for language in LANGUAGES.values()
    for name in (language.code, language.name, *language.also)
}
# "Portuguese (Brazil)", "Chinese - Cantonese", "pl-PL", "Other than English" (which is none of ours)
_FIRST: Final = re.compile(r"\s*[(,;/\-\u2013:].*", re.DOTALL)


@lru_cache(maxsize=1000)
def language_code(said: str) -> str | None:
    """The code of a language as a school wrote it; English where nothing was, None for one nobody knows here.

    >>> language_code("Polish"), language_code("cymraeg"), language_code(" UR "), language_code("pt-BR")
    ('pl', 'cy', 'ur', 'pt')
    >>> language_code(""), language_code("Klingon")
    ('en', None)
    """
    plain = " ".join(unicodedata.normalize("NFKC", said).casefold().split())
    if not plain:
        return ENGLISH
    return _BY_NAME.get(plain) or _BY_NAME.get(_FIRST.sub("", plain))


def language_name(code: str) -> str:
    """The English name of a language; the code itself where it is not ours.

    >>> language_name("cy"), language_name("xx")
    ('Welsh', 'xx')
    """
    return LANGUAGES[code].name if code in LANGUAGES else code
