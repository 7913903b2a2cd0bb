"""What people call themselves and write, made fit to be shown to others."""

import unicodedata

UNSEEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories of signs that show nothing, or turn the text round them: control characters,
marks of direction and of zero width, halves of pairs, private and unassigned code points. Two names
that differ by such a sign look alike, and a mark of direction swaps what stands behind it."""


UNSEEN_ALONE = frozenset((*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400)))
"""Code points that only choose how the sign before them looks: variation selectors and skin tones.
Nobody's font here has them, so they would stand as signs of their own."""


def plain(text: str) -> str:
    """A text of one line, composed, with single blanks and no sign that cannot be seen."""
    blanks = " ".join(text.split())
    seen = "".join(
        sign
        for sign in blanks
        if unicodedata.category(sign) not in UNSEEN and ord(sign) not in UNSEEN_ALONE
    )
    return " ".join(unicodedata.normalize("NFC", seen).split())
