"""Charts: one theme, figures with text alternatives, and the standard chart of readings."""

from claimbook.notebook.charts.figure import Figure
from claimbook.notebook.charts.readings import readings_figure
from claimbook.notebook.charts.theme import COLOURS

__all__ = ["COLOURS", "Figure", "readings_figure"]
