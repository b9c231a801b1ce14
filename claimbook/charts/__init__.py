"""Charts: one theme, figures with text alternatives, and the standard chart of readings."""

from claimbook.charts.figure import Figure
from claimbook.charts.readings import readings_figure
from claimbook.charts.theme import COLOURS

__all__ = ["COLOURS", "Figure", "readings_figure"]
