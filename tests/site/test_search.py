"""The search of the site finds numbers, and words with and without their marks."""

import pytest

from claimbook.site.sphinx import search


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("giảm 96,4% so với", ["giam", "n96.4", "so", "voi"]),
        ("96.4 %", ["n96.4"]),
        ("nearly 600 billion", ["nearly", "n600", "billion"]),
        ("2,788 thousand", ["n2788", "thousand"]),
        ("671.026.419.200", ["n671026419200"]),
        ("Đời sống & Pháp luật", ["doi", "song", "Phap", "luat"]),
        ("Llama 3.1 405B", ["Llama", "n3.1", "n405B"]),
        ("", []),
    ],
)
def test_words_are_plain_letters_and_numbers_are_words(text, words):
    assert search.words(text) == words
