"""Charts: one theme, figures with text alternatives, and the charts that many claims use."""

from claimbook.notebook.charts.bars import bars, marked_line
from claimbook.notebook.charts.figure import Figure
from claimbook.notebook.charts.readings import readings_figure
from claimbook.notebook.charts.theme import COLOURS

__all__ = ["COLOURS", "Figure", "bars", "marked_line", "readings_figure"]
