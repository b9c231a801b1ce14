"""A table in a notebook: typed values for comparison, formatted text for readers.

pandas writes a frame differently from one version to the next; this does not, so a test that
compares outputs sees changed numbers and nothing else.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from claimbook.base import formats, units
from claimbook.base.units import Quantity
from claimbook.notebook import render

if TYPE_CHECKING:
    import pandas as pd


class Table:
    """A frame with a caption, ready to be the last expression of a cell.

    Args:
        frame: rows and columns as they shall appear; a named index becomes the first column.
        caption: what the table shows, in one line.
        digits: decimals of numeric columns by name; default 2, whole numbers none.
        units: unit by column name, shown in the heading.
        note: a line below the table.

    Raises:
        ValueError: no caption, or a unit or digits for a column that is not there.
    """

    def __init__(
        self,
        frame: "pd.DataFrame",
        caption: str,
        *,
        digits: Mapping[str, int] | None = None,
        units: Mapping[str, str] | None = None,
        note: str = "",
    ) -> None:
        if not caption.strip():
            raise ValueError("expected a caption for the table, found nothing")
        frame = frame.reset_index() if frame.index.name else frame
        for name in {**(digits or {}), **(units or {})}:
            if name not in frame.columns:
                raise ValueError(f"table {caption!r}: no column {name!r}")
        self._frame, self._caption, self._note = frame, caption, note
        self._digits, self._units = dict(digits or {}), dict(units or {})

    def payload(self) -> dict[str, Any]:
        """The table as JSON: raw values for comparison, and the text of each cell.

        Raises:
            ValueError: a cell is a time with a zone.
        """
        import pandas as pd

        columns, values, texts = [], [], []
        for name in self._frame.columns:
            try:
                cells = [_plain(value) for value in self._frame[name]]
            except ValueError as error:
                raise ValueError(f"table {self._caption!r}: column {name!r}: {error}") from None
            numeric = all(
                isinstance(cell, (int, float)) and not isinstance(cell, bool)
                for cell in cells
                if cell is not None
            ) and not pd.api.types.is_string_dtype(self._frame[name])
            digits = self._digits.get(str(name), 2)
            columns.append(
                {
                    "name": str(name),
                    "unit": formats.written(self._units.get(str(name), "")),
                    "align": "right" if numeric else "left",
                }
            )
            values.append(cells)
            texts.append([_text(cell, digits) for cell in cells])
        return {
            "kind": "table",
            "caption": self._caption,
            "note": self._note,
            "columns": columns,
            "rows": [list(row) for row in zip(*values, strict=True)],
            "text": [list(row) for row in zip(*texts, strict=True)],
        }

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, object]:
        return render.bundle(self.payload())


def column(frame: "pd.DataFrame", name: str) -> "Quantity[Any]":
    """A column of a cited table, or of some of its rows, as one quantity in the table's own unit.

    It can be calculated with as a whole: `(column(fleet, "count") * column(fleet, "price")).sum()`.

    Raises:
        KeyError: the frame has no such column, or the table gives no unit for it.
    """
    unit = frame.attrs.get("units", {}).get(name)
    if not unit:
        known = ", ".join(frame.attrs.get("units", {})) or "none"
        raise KeyError(f"column {name!r}: expected one with a unit ({known})")
    quantity: Quantity[Any] = units.quantity(frame[name].to_numpy(), unit)
    return quantity


def _plain(value: Any) -> int | float | str | bool | None:
    """A cell as JSON has it; floats at 12 significant digits.

    Raises:
        ValueError: a time with a zone, which has one date here and another there.
    """
    import pandas as pd

    if isinstance(value, Quantity):
        value = value.magnitude
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, pd.Timestamp):
        if value.tzinfo is not None:
            raise ValueError(
                f"expected a date, found a time with a zone ({value}); "
                "convert it to the zone that is meant, and take its date"
            )
        return value.date().isoformat()
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else units.rounded(value)
    if isinstance(value, float):
        return None if value != value else units.rounded(value)
    return value if isinstance(value, (bool, int, str)) else str(value)


def _text(cell: int | float | str | bool | None, digits: int) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int):
        return formats.fixed(cell, 0)
    if isinstance(cell, float):
        return formats.fixed(cell, digits, strip=False)
    return cell
