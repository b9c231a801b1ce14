"""Search that finds numbers, and Vietnamese words with and without their marks.

Sphinx leaves numbers out and takes a word with marks for another one. Here words are folded to
their plain letters, and numbers become words, on both sides: in the index and in what is asked.
"""

import re
import unicodedata

from sphinx.application import Sphinx
from sphinx.search.en import SearchEnglish

_WORD = re.compile(r"\d+(?:[.,]\d+)+|\w+")
_GROUPED = r"^\d{1,3}([.,]\d{3})+$"

# What `words` does, for the browser.
_IN_THE_BROWSER = r"""
var splitQuery = (query) =>
  (query.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d")
    .match(/\d+(?:[.,]\d+)+|[\p{L}\p{N}_]+/gu) ?? [])
    .map((word) => !/^\d/.test(word) ? word
      : "n" + (/GROUPED/.test(word) ? word.replace(/[.,]/g, "") : word.replace(",", ".")));
""".replace("GROUPED", _GROUPED)


class BookSearch(SearchEnglish):
    """The words of the book as they are looked for."""

    js_splitter_code = _IN_THE_BROWSER

    def split(self, input: str) -> list[str]:
        """Words of a text, folded; numbers begin with a letter, since Sphinx skips bare ones."""
        return words(input)


def words(text: str) -> list[str]:
    """Words and numbers of a text: `Tỷ` is `Ty`, `2,788` is `n2788`, `96,4` and `96.4` `n96.4`."""
    letters = unicodedata.normalize("NFD", text)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return [
        _word(found) for found in _WORD.findall(plain.translate({ord("đ"): "d", ord("Đ"): "d"}))
    ]


def connect(app: Sphinx) -> None:
    """Take the place of the search for English, which is the language of the site."""
    app.add_search_language(BookSearch)


def _word(found: str) -> str:
    if not found[0].isdigit():
        return found
    if re.match(_GROUPED, found):
        return "n" + re.sub("[.,]", "", found)
    return "n" + found.replace(",", ".", 1)
