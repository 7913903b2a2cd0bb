"""What stands on one page of the field guide."""

import re
from typing import NamedTuple

_SENTENCE = re.compile(r".*?(?:[.!?](?=\s|$)|[。！？])", re.DOTALL)


class Words(NamedTuple):
    """One page in one language.

    Attributes:
        title: the station name.
        about: what it is.
        full: what happens when it is full or missing.
        changed: what differs between kernels, "" where nothing is known to.
    """

    title: str
    about: str
    full: str
    changed: str = ""

    @property
    def first(self) -> str:
        """The first sentence of what it is."""
        found = _SENTENCE.match(self.about)
        return found.group().strip() if found else self.about


class Page(NamedTuple):
    """One kernel thing.

    Attributes:
        id: its name in links.
        kernel: its real name.
        see: the command that shows it.
        level: number of the level that teaches it.
        rule: sections of kernel-semantics.md that the page keeps to; not shown.
        also: ids of pages that lead on from here.
    """

    id: str
    kernel: str
    see: str
    level: int
    rule: str
    also: tuple[str, ...]
    en: Words
    zh: Words

    def words(self, lang: str) -> Words:
        """The page in a language; an unknown one reads English."""
        return self.zh if lang == "zh" else self.en
