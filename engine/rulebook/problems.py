"""What is wrong with a rule file, in words for the person who edits it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake: where it stands, what is wrong, what was probably meant, what to do.

    `rule` names the rule that cannot be used because of it, `whole_file` says that nothing of the file can;
    with neither it is about a threshold, an outcome, a duty or a run. Two that say the same are one, whoever
    found them.

    >>> print(Problem("rules/trust/x.yaml", 4, 3, "unknown key 'laddr'", "'ladder'?", rule="late"))
    rules/trust/x.yaml:4:3: unknown key 'laddr'; did you mean 'ladder'?
    """

    file: str
    line: int
    column: int
    what: str
    meant: str = ""
    do: str = ""
    rule: str = ""
    whole_file: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        parts = [self.what]
        if self.meant:
            parts.append(f"did you mean {self.meant}")
        if self.do:
            parts.append(self.do)
        return f"{self.file}:{self.line}:{self.column}: " + "; ".join(parts)


def nearest(word: str, words: Iterable[str], least: float = 0.6) -> str:
    """The word that was probably meant, quoted with a question mark; empty where none is near.

    `least` is how alike they must be, from 0 to 1.

    >>> nearest("at_lest", ["at_least", "below"])
    "'at_least'?"
    """
    found = difflib.get_close_matches(word, list(words), n=1, cutoff=least)
    return f"{found[0]!r}?" if found else ""
