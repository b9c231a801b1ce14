"""Sources from `data/sources.bib`."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from pybtex.bibtex.utils import split_name_list
from pybtex.database import BibliographyData, Entry, Person
from pybtex.database.input.bibtex import Parser
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text
from pydantic import ValidationError

from claimbook.base.characters import need_visible
from claimbook.base.faults import Fault
from claimbook.base.files import MAX_TEXT, read_text
from claimbook.data.errors import explain
from claimbook.data.models import Source

# BibTeX field -> field of our model. Everything else in an entry is a mistake.
_FIELDS = {
    "title": "title",
    "date": "date",
    "year": "date",
    "publisher": "publisher",
    "howpublished": "publisher",
    "url": "url",
    "archive": "archive",
    "note": "seen",
    "interest": "interest",
}

_ADDRESSES = ("url", "archive")

# Marks on letters, by the command of LaTeX; the package for Vietnamese has some of its own.
_MARKS = {
    **{"`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304"},
    **{".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "r": "\u030a", "c": "\u0327"},
    **{"k": "\u0328", "d": "\u0323", "b": "\u0331", "h": "\u0309"},
}
_LETTERS = {"i": "i", "j": "j", "ohorn": "ơ", "uhorn": "ư", "OHORN": "Ơ", "UHORN": "Ư"}
_LETTERS |= {"dj": "đ", "DJ": "Đ", "abreve": "ă", "ABREVE": "Ă"}
_LETTERS |= {f"{letter}circumflex": mark for letter, mark in zip("aeo", "âêô", strict=True)}
_LETTERS |= {f"{letter}CIRCUMFLEX": mark for letter, mark in zip("AEO", "ÂÊÔ", strict=True)}
_LETTER = re.compile(rf"\\({'|'.join(_LETTERS)})(?![A-Za-z])(?:\{{\}}|\s*)")
# A letter may have marks already, and braces around it or around the whole.
_MARKED = re.compile(
    r"""\\(?:([`'^"~=.])\s*|([uvHrckdbh])(?:\s+|(?=\{)))(?:\{([^\W\d_][\u0300-\u036f]*)\}"""
    r"""|([^\W\d_][\u0300-\u036f]*))"""
)
_BRACED = re.compile(r"(?<!\\[uvHrckdbh])\{([^\W\d_][\u0300-\u036f]*)\}")
# Signs that LaTeX has a meaning for, and that stand behind a backslash for themselves.
_SIGN = re.compile(r"\\([$%&#_{}])")
_COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")

# Characters, pairs and spaces that LaTeX writes differently from how they stand.
_LATEX = re.compile(r"""[\\{}$~%&#^_`<>"]|--|''|,,|[?!]`|\s\s|[^\S ]""")


def read_sources(path: Path, name: str) -> tuple[dict[str, Source], list[Fault]]:
    """Read the bibliography.

    Args:
        path: the BibTeX file.
        name: how messages call the file.

    Returns:
        Sources by key, and what is wrong with the file.
    """
    try:
        # Names are split here: as it is written, that of a paper is told from that of a person.
        parser = Parser(person_fields=())
        bibliography: BibliographyData = parser.parse_string(read_text(path, "a BibTeX file"))
    except PybtexError as error:
        return {}, [Fault(name, "", "", f"expected valid BibTeX, found: {error}")]
    except ValueError as error:
        return {}, [Fault(name, "", "", str(error))]
    if not bibliography.entries:
        return {}, [Fault(name, "", "", "expected at least one source, found none")]
    sources: dict[str, Source] = {}
    faults: list[Fault] = []
    for key, entry in bibliography.entries.items():
        faults += [
            Fault(name, key, field, f"unknown field; expected one of author, {', '.join(_FIELDS)}")
            for field in entry.fields
            if field.lower() not in (*_FIELDS, "author")
        ]
        if wrong := [Fault(name, key, *fault) for fault in _misread(entry)]:
            faults += wrong
            continue
        faults += [Fault(name, key, *contradiction) for contradiction in _contradictions(entry)]
        try:
            fields = _fields(key, entry)
            need_visible("\n".join(fields.values()))  # LaTeX has names for some
        except (UnicodeDecodeError, PybtexError) as error:
            reason = getattr(error, "reason", error)
            faults.append(Fault(name, key, "", f"expected valid LaTeX, found: {reason}"))
            continue
        except ValueError as error:
            faults.append(Fault(name, key, "", str(error)))
            continue
        try:
            sources[key] = Source.model_validate(fields)
        except ValidationError as error:
            faults += explain(error, name, key, fields, Source)
    return sources, faults


def _contradictions(entry: Entry) -> Iterator[tuple[str, str]]:
    """Pairs of BibTeX fields of which the model would silently take one."""
    fields = entry.fields
    if "publisher" in fields and "howpublished" in fields:
        yield "publisher, howpublished", "expected one of them, found both"
    # Styles of bibliographies read the year, so it may stand beside the date.
    if "date" in fields and fields.get("year", fields["date"][:4]) != fields["date"][:4]:
        yield "year", f"expected the year of the date ({fields['date']}), found {fields['year']}"


def _misread(entry: Entry) -> Iterator[tuple[str, str]]:
    """Fields that BibTeX or LaTeX would read as something else than what stands there."""
    for field, text in entry.fields.items():
        if len(text) > MAX_TEXT:
            message = f"expected a text of at most {MAX_TEXT:,} characters, found {len(text):,}"
            yield field, message
        elif field.lower() not in _ADDRESSES and _COMMENT.search(text):
            yield field, "expected \\% for a percent sign, found %, behind which nothing is read"
    for name in _names(entry):
        if _is_ambiguous(name):
            yield (
                "author",
                "expected Last, First for a person, or braces of their own around another name, "
                f"such as {{{{{name}}}}}; found {name!r}",
            )


def _names(entry: Entry) -> list[str]:
    names: list[str] = split_name_list(entry.fields.get("author", ""))
    return names


def _is_ambiguous(name: str) -> bool:
    """Whether only a guess tells the last name: words without comma, not all within braces."""
    level, bare = 0, ""
    for character in name.strip():
        level += {"{": 1, "}": -1}.get(character, 0)
        bare += character if level == 0 else "x"
    return "," not in bare and len(bare.split()) > 1


def _fields(key: str, entry: Entry) -> dict[str, str]:
    fields = {"id": key, "author": " and ".join(_name(Person(name)) for name in _names(entry))}
    for field, ours in _FIELDS.items():
        if entry.fields.get(field) and ours not in fields:
            text = entry.fields[field]
            fields[ours] = address(text) if field in _ADDRESSES else decoded(text)
    # The note of an entry begins with the word, for those who read the file; the model has a field.
    fields["seen"] = fields.get("seen", "").removeprefix("seen: ")
    return fields


def _name(person: Person) -> str:
    return decoded(str(person))


def decoded(latex: str) -> str:
    """The text that LaTeX makes of the value of a field.

    Raises:
        PybtexError: its braces do not match.
    """
    # Decoding is slow, and most texts are as plain as they look within their braces.
    braced = latex.startswith("{") and latex.endswith("}")
    text = latex[1:-1] if braced else latex
    if not _LATEX.search(text):
        return text.strip()
    if "\\" not in latex:
        return str(Text.from_latex(latex)).strip()
    # Braces that stand for themselves would be lost; nothing in `data/` has these characters.
    latex = latex.replace("\\{", "\ue000").replace("\\}", "\ue001")
    read = _SIGN.sub(r"\1", str(Text.from_latex(accented(latex))))
    return read.replace("\ue000", "{").replace("\ue001", "}").strip()


def address(latex: str) -> str:
    """The address that is meant: signs behind a backslash stand for themselves."""
    text = latex.strip().removeprefix("\\url{") if latex.strip().endswith("}") else latex
    text = text.strip().removesuffix("}") if text != latex else text
    text = re.sub(r"\\(?:~(?:\{\})?|textasciitilde(?:\{\})?)", "~", text)
    return _SIGN.sub(r"\1", text).strip()


def accented(latex: str) -> str:
    r"""A text with marks put on their letters, as `\'e`, the innermost first; else as it was."""
    text, before = _LETTER.sub(lambda found: _LETTERS[found[1]], latex), ""
    while text != before:
        before = text
        text = _MARKED.sub(
            lambda found: (found[3] or found[4]) + _MARKS[found[1] or found[2]], text
        )
        text = _BRACED.sub(r"\1", text) if text != before else text
    return unicodedata.normalize("NFC", text) if text != latex else text
