"""How many statements came to which verdict, as a sentence, and what the verdicts mean."""

from collections import Counter
from collections.abc import Sequence

from claimbook import rule

# How one statement and how several of them come to a verdict.
_FORMS = {
    "holds": ("holds", "hold"),
    "holds in part": ("holds in part", "hold in part"),
    "depends on the reading": ("depends on the reading", "depend on the reading"),
    "nearly right": ("is nearly right", "are nearly right"),
    "does not hold": ("does not hold", "do not hold"),
    "unsettled": ("is unsettled", "are unsettled"),
    "not checkable": ("cannot be checked", "cannot be checked"),
}

MEANINGS_VI = {
    "holds": "Mọi cách hiểu hợp lý đều cho ra con số được nêu.",
    "holds in part": "Có phần đúng, có phần không đúng hoặc chưa thể kết luận.",
    "depends on the reading": "Có cách hiểu cho ra con số được nêu, có cách hiểu thì không.",
    "nearly right": "Không cách hiểu nào khớp, nhưng có cách chỉ lệch ít và đúng chiều.",
    "does not hold": "Không cách hiểu nào khớp hoặc gần khớp, hoặc sai chiều, sai ngày.",
    "unsettled": "Chứng cứ chưa đủ để khẳng định hay bác bỏ.",
    "not checkable": "Ý kiến, dự đoán hoặc nhận định không có con số.",
}

# What flags beside a verdict are for.
FLAGS = {
    "en": "The number may be right and was still given to the wrong person (misattributed), "
    "changed in translation (mistranslated), or left without what it needs (missing context).",
    "vi": "Con số có thể đúng nhưng bị dẫn sai nguồn, dịch sai hoặc thiếu bối cảnh.",
}


def sentence(verdicts: Sequence[str], waiting: int, language: str = "en") -> str:
    """The counts in one sentence.

    Args:
        verdicts: of the statements that are checked.
        waiting: how many are not.
        language: en or vi.
    """
    tally = Counter(verdicts)
    found = [(word, tally[word]) for word in rule.VERDICTS if tally[word]]
    total, checked = len(verdicts) + waiting, len(verdicts)
    if language == "vi":
        said = ", ".join(f"{count} {rule.VERDICTS[word].vi}" for word, count in found)
        if not waiting:
            return f"Trong {total} phát biểu: {said}."
        if not checked:
            return f"{total} phát biểu đều chưa được kiểm tra."
        return f"Trong {total} phát biểu, {checked} đã được kiểm tra: {said}; {waiting} chưa."
    said = ", ".join(f"{count} {_FORMS[word][count != 1]}" for word, count in found)
    of_all = f"Of {_statements(total)}"
    if not waiting:
        return f"{of_all} {said}."
    if not checked:
        return f"{of_all} none is checked yet."
    are = "is" if checked == 1 else "are"
    wait = "is" if waiting == 1 else "are"
    return f"{of_all} {checked} {are} checked: {said}; {waiting} {wait} still to be checked."


def _statements(count: int) -> str:
    return f"{count} statement{'' if count == 1 else 's'}"
