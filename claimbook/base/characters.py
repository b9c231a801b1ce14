"""Letters that nobody sees: what moves a cursor, turns the direction of a line, or hides.

Texts of data and notebooks have no use for them, so they are refused where they come in. What a
terminal shows may come from elsewhere, such as the name of a file, so there they are spelt out.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any

# Control, format, half of a pair, private use, separators of lines and paragraphs.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NAMELESS = {"Cc": "control character", "Co": "private use"}
# Breaks and tabs lay a text out; joiners are part of how some languages and emoji are written.
_HONEST = set("\n\t\u200c\u200d")


def need_seen(text: str) -> str:
    """Check that every letter of a text can be seen.

    Raises:
        ValueError: one cannot; the message gives its code, its name and its place, from 1.
    """
    for place, letter in enumerate(text, 1) if not text.isprintable() else ():
        if _is_unseen(letter):
            name = unicodedata.name(letter, _NAMELESS.get(unicodedata.category(letter), "no name"))
            raise ValueError(
                "expected letters that can be seen, "
                f"found U+{ord(letter):04X} ({name}) as letter {place}"
            )
    return text


def visible(text: str) -> str:
    r"""A text with every letter that nobody sees spelt out, as `\x1b`, and the rest as it is."""
    if text.isprintable():
        return text
    return "".join(
        letter.encode("unicode_escape").decode() if _is_unseen(letter) else letter
        for letter in text
    )


def texts(value: Any) -> Iterator[str]:
    """Every text within lists and fields, names of fields included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            yield from texts(name)
            yield from texts(inner)
    elif isinstance(value, (list, tuple)):
        for inner in value:
            yield from texts(inner)


def _is_unseen(letter: str) -> bool:
    return unicodedata.category(letter) in _UNSEEN and letter not in _HONEST
