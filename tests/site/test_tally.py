"""The counts as a sentence, and a meaning for every verdict."""

import pytest

from claimbook import rule
from claimbook.site import tally

SAID = [
    (["holds"] * 4 + ["depends on the reading"] * 2 + ["nearly right", "does not hold"], 52, "en",
     "Of 60 statements 8 are checked: 4 hold, 2 depend on the reading, 1 is nearly right, "
     "1 does not hold; 52 are still to be checked."),
    (["unsettled", "unsettled", "not checkable"], 0, "en",
     "Of 3 statements 2 are unsettled, 1 cannot be checked."),
    (["does not hold"] * 2, 1, "en",
     "Of 3 statements 2 are checked: 2 do not hold; 1 is still to be checked."),
    (["holds"], 1, "en", "Of 2 statements 1 is checked: 1 holds; 1 is still to be checked."),
    (["holds"], 0, "en", "Of 1 statement 1 holds."),
    ([], 5, "en", "Of 5 statements none is checked yet."),
    (["holds", "nearly right"], 3, "vi",
     "Trong 5 phát biểu, 2 đã được kiểm tra: 1 đúng, 1 gần đúng; 3 chưa."),
    (["holds"], 0, "vi", "Trong 1 phát biểu: 1 đúng."),
    ([], 2, "vi", "2 phát biểu đều chưa được kiểm tra."),
]  # fmt: skip


@pytest.mark.parametrize(("verdicts", "waiting", "language", "said"), SAID)
def test_the_counts_are_a_sentence(verdicts, waiting, language, said):
    assert tally.sentence(verdicts, waiting, language) == said


@pytest.mark.parametrize("word", rule.VERDICTS)
def test_every_verdict_is_counted_and_explained_in_both_languages(word):
    one, two = tally.sentence([word], 0), tally.sentence([word] * 2, 0)
    assert (one.startswith("Of 1 statement 1 "), two.startswith("Of 2 statements 2 ")) == (
        True,
    ) * 2
    assert "the reading 1" not in one
    assert tally.MEANINGS_VI[word].endswith(".")
