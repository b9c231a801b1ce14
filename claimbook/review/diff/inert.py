"""Texts of a proposal in Markdown: shown as they are, and never a mark, a link or a mention."""

import re
import unicodedata

_MAX_CODE = 160
# A word joiner, which is not seen, keeps a host from making links and mentions out of words.
_JOINER = "\u2060"
_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&#@!$])")
_LINKED = re.compile(r"(?i)(?<=[@#])|(?<=:)(?=//)|(?<=www)(?=\.)")
_BREAKS = {"Cc", "Zl", "Zp"}
_UNSEEN = {"Cf", "Cs", "Co"}


def code(text: str) -> str:
    """A text as code, for a line or for the cell of a table; cut where it is very long."""
    line = _visible(text)
    if len(line) > _MAX_CODE:
        line = line[: _MAX_CODE - 1] + "…"
    if not line:
        return "(empty)"
    # The fence is longer than any run of backticks within, and a bar would end a cell of a table.
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if "`" in (line[0], line[-1]) else ""
    return f"{fence}{space}{line}{space}{fence}".replace("|", "\\|")


def plain(text: str) -> str:
    """A text as words: every mark of Markdown and HTML stands for itself."""
    return _ACTIVE.sub(r"\\\1", _LINKED.sub(_JOINER, _visible(text)))


def _visible(text: str) -> str:
    """One line without characters that hide, or that turn the direction of others."""
    seen = (
        " " if unicodedata.category(letter) in _BREAKS else letter
        for letter in text
        if unicodedata.category(letter) not in _UNSEEN
    )
    return re.sub(" +", " ", "".join(seen)).strip()
