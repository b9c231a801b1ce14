"""Charts: the theme, the figure a notebook shows, and the standard chart of a claim.

Altair and vl-convert are imported when a chart is made, not before: checks that draw nothing
stay fast.
"""

from claimbook.charts.figure import Figure
from claimbook.charts.readings import readings_alt, readings_chart
from claimbook.charts.theme import dark_config, light_config, register

__all__ = [
    "Figure",
    "dark_config",
    "light_config",
    "readings_alt",
    "readings_chart",
    "register",
]
