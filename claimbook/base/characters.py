"""Characters that look like others, or like nothing.

Invisible ones move a cursor, turn the direction of a line, or hide. Decomposed ones are written as
a letter with marks behind it and look like one character, so that a name differs from itself.

Data and notebooks have no use for them, so files that have them are refused (`base.files`). What a
terminal shows may come from elsewhere, such as the name of a file, so there they are spelt out.
"""

import unicodedata
from typing import NamedTuple

# Control, format, half of a pair, private use, separators of lines and paragraphs.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NAMELESS = {"Cc": "control character", "Co": "private use"}
# Breaks and tabs lay a text out; joiners are part of how some languages and emoji are written.
_HONEST = set("\n\t\u200c\u200d")


class Invisible(NamedTuple):
    """An invisible character.

    Attributes:
        name: its code and its name, as `U+202E (RIGHT-TO-LEFT OVERRIDE)`.
        line: from 1.
        column: within the line, from 1.
        around: the part of the line that it stands in.
    """

    name: str
    line: int
    column: int
    around: str


def first_invisible(text: str) -> Invisible | None:
    """The first invisible character of a text; line ends may be of either kind."""
    if text.isprintable():
        return None
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), 1):
        for place, character in enumerate(line, 1) if not line.isprintable() else ():
            if _is_invisible(character):
                nameless = _NAMELESS.get(unicodedata.category(character), "no name")
                name = f"U+{ord(character):04X} ({unicodedata.name(character, nameless)})"
                return Invisible(name, number, place, line[max(0, place - 20) : place + 20])
    return None


def need_visible(text: str) -> None:
    """Refuse a text with an invisible character.

    Raises:
        ValueError: it has one; the message names it and shows where it stands.
    """
    if found := first_invisible(text):
        raise ValueError(
            f"expected no invisible characters, found {found.name} in {found.around!r}"
        )


def is_composed(text: str) -> bool:
    """Whether every character of a text is in the form that Unicode composes (NFC)."""
    return unicodedata.is_normalized("NFC", text)


def need_composed(text: str) -> None:
    """Refuse a text with a character that Unicode composes to another.

    Raises:
        ValueError: it has one; the message shows the word, and how it is written.
    """
    if is_composed(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        for word in line.split():
            composed = unicodedata.normalize("NFC", word)
            if composed != word:
                raise ValueError(
                    f"expected composed characters (Unicode NFC), found {word[:40]!a} "
                    f"for {composed[:40]!r} (line {number})"
                )


def visible(text: str) -> str:
    r"""A text with every invisible character spelt out, as `\x1b`, and the rest as it is."""
    if text.isprintable():
        return text
    return "".join(
        character.encode("unicode_escape").decode() if _is_invisible(character) else character
        for character in text
    )


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE and character not in _HONEST
