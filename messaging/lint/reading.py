"""How old a reader must be: the Flesch-Kincaid grade of US schools and five.

Counted here, not by a library: textstat, the usual one, fetches a pronouncing dictionary from the network
when it is first used (docs/decisions/026). The syllables of a word are its groups of vowels, but for endings
that are not spoken: over 2,872 common words that is 0.5 % too many in all.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from messaging.markup import HEADING, ITEM, ROW

_GRADE_IS_AGED: Final = 5
_WORD: Final = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
_SENTENCE_ENDS: Final = re.compile(r"[.!?:;]+(?=\s|$)")
_VOWELS: Final = re.compile(r"[aeiouy]+")
_SILENT: Final = re.compile(r"[^aeiouy]e$|[^aeiouydt]ed$")
_SPOKEN: Final = re.compile(r"[^aeiou]le$")


def words_in(text: str) -> list[str]:
    """The words of a text; figures and references are none.

    >>> words_in("Call us, don't wait: 9 am.")
    ['Call', 'us', "don't", 'wait', 'am']
    """
    return _WORD.findall(text)


def reading_age(text: str) -> float:
    """The age in years, of finished words without their tables; 0 where there are no words.

    >>> round(reading_age("Please call the school office today. We want to help."), 1)
    5.5
    >>> reading_age("| Date |") == 0
    True
    """
    sentences = [words for words in map(words_in, _sentences(text)) if words]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0
    syllables = sum(map(syllables_of, words))
    grade = 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59
    return grade + _GRADE_IS_AGED


@lru_cache(maxsize=10_000)
def syllables_of(word: str) -> int:
    """The syllables of an English word, as near as spelling tells.

    >>> [syllables_of(word) for word in ("school", "missed", "wanted", "people", "attendance", "the")]
    [1, 1, 2, 2, 3, 1]
    """
    plain = word.casefold()
    count = len(_VOWELS.findall(plain))
    if _SILENT.search(plain) and not _SPOKEN.search(plain):
        count -= 1
    return max(count, 1)


def _sentences(text: str) -> list[str]:
    """Sentences; a heading and an item of a list are one each."""
    lines = [
        line.removeprefix(HEADING).removeprefix(ITEM)
        for line in text.splitlines()
        if not line.startswith(ROW)
    ]
    return [part for line in lines for part in _SENTENCE_ENDS.split(line)]
