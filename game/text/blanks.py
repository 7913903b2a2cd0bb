"""Sentences with named blanks, and how they are filled."""

from collections.abc import Mapping


class _Blanks(dict[str, str | int]):
    """Leaves a sign where a newer host did not send what the sentence wants."""

    def __missing__(self, key: str) -> str:
        return "?"


def fill(sentence: str, args: Mapping[str, str | int]) -> str:
    """The sentence with its blanks filled; what is missing becomes a question mark."""
    return sentence.format_map(_Blanks(args))


def platform(listener: str | int) -> str:
    """The letter on a listener's sign: 0 is A."""
    return chr(ord("A") + listener) if isinstance(listener, int) and 0 <= listener < 26 else "?"
