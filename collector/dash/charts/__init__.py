"""The one chart component: figures drawn on the server as SVG of attributes and classes alone.

A drawing takes the width that it is given: places across are percentages or a plane that is
stretched, strokes and letters keep their size. Colours are classes (`tone-1` to `tone-6`, or
`data-state` as a badge has it), so that a drawing follows the page's theme. Every label is escaped.
"""

from collector.dash.charts.bars import Bar, bars, parts
from collector.dash.charts.histogram import histogram
from collector.dash.charts.lines import Line, lines, sparkline
from collector.dash.charts.timeline import Span, timeline

__all__ = ["Bar", "Line", "Span", "bars", "histogram", "lines", "parts", "sparkline", "timeline"]
