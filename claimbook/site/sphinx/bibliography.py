"""The page of sources: how an entry of `data/sources.bib` is written out."""

from collections.abc import Iterator

from pybtex.database import BibliographyData, Entry
from pybtex.plugin import register_plugin
from pybtex.richtext import HRef, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from pybtex.style.labels import BaseLabelStyle
from pybtex.style.sorting import BaseSortingStyle
from sphinx.application import Sphinx

STYLE = "claimbook"


class KeyLabels(BaseLabelStyle):  # type: ignore[misc]
    """Entries are called by their key, as in `data/`."""

    def format_labels(self, sorted_entries: list[Entry]) -> Iterator[str]:
        """One label per entry."""
        return (entry.key for entry in sorted_entries)


class ByKey(BaseSortingStyle):  # type: ignore[misc]
    """In the order of the labels."""

    def sorting_key(self, entry: Entry) -> str:
        """What entries are sorted by."""
        return str(entry.key)


class SourceStyle(BaseStyle):  # type: ignore[misc]
    """Who, what, when; how it was seen; and the stake the source has in its figure."""

    default_sorting_style = ByKey
    default_label_style = KeyLabels

    def format_entry(
        self, label: str, entry: Entry, bib_data: BibliographyData | None = None
    ) -> FormattedEntry:
        """Write one entry; fields that are empty are left out."""
        return FormattedEntry(entry.key, Text(" ").join(_sentences(entry)), label)


def connect(app: Sphinx) -> None:
    """Make the style known under its name, for `bibtex_default_style`."""
    register_plugin("pybtex.style.formatting", STYLE, SourceStyle)


def _sentences(entry: Entry) -> Iterator[Text]:
    fields = entry.fields
    authors = [Text.from_latex(str(person)) for person in entry.persons.get("author", ())]
    if authors:
        yield _sentence(Text(", ").join(authors))
    title = Text.from_latex(fields.get("title", entry.key))
    url = fields.get("url", "")
    yield _sentence(Text(HRef(url, title)) if url else title)
    place = [
        Text.from_latex(fields[name]) for name in ("publisher", "howpublished") if name in fields
    ]
    date = fields.get("date", fields.get("year", ""))
    if place or date:
        yield _sentence(Text(", ").join([*place, *([Text(date)] if date else [])]))
    if fields.get("archive"):
        yield _sentence(Text(HRef(fields["archive"], "archived copy")))
    if fields.get("note"):
        yield _sentence(Text.from_latex(fields["note"]).capfirst())
    if fields.get("interest"):
        yield _sentence(Text("Interest: ", Text.from_latex(fields["interest"])))


def _sentence(text: Text) -> Text:
    return text if str(text).endswith((".", "?", "!")) else Text(text, ".")
