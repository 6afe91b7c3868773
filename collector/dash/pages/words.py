"""How figures, times and strangers' text are written on a page: the filters of every template."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from markupsafe import Markup

from infra.visible import visible

S: Final = 1_000_000_000
UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
SIZES: Final = ("B", "KiB", "MiB", "GiB", "TiB")
NONE: Final = Markup('<span class="faint">–</span>')
"""What stands where nothing was measured."""


def clean(value: Any) -> Any:
    """Text of a guest or file as a person may see it; what is markup of ours stays as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return "" if value is None else value


def span(seconds: float | None) -> str:
    """A length of time by its largest unit, and the next while that still says something."""
    if seconds is None:
        return "–"
    left = max(0.0, seconds)
    if 0 < left < 1:
        return f"{left * 1000:.0f} ms"
    for (size, unit), (less, lesser) in pairwise(UNITS):
        whole, rest = divmod(left, size)
        finer = int(rest // less)
        if whole:
            return f"{whole:.0f} {unit}" + (f" {finer} {lesser}" if whole < 10 and finer else "")
    return f"{left:.0f} s"


def ago(at_ns: int | None, now_ns: int, field: str = "") -> Markup:
    """A moment as the time since then, by one unit, kept counting by the page's script.

    `field` is what live news calls it.
    """
    if not at_ns:
        return NONE
    seconds = int(abs(now_ns - at_ns) // S)
    size, unit = next(((size, unit) for size, unit in UNITS if seconds >= size), UNITS[-1])
    length = f"{seconds // size} {unit}"
    said = "now" if not seconds else f"in {length}" if at_ns > now_ns else f"{length} ago"
    name = Markup(' data-field="{}"').format(field) if field else ""
    shown = f'datetime="{stamp(at_ns)}" title="{clock(at_ns)}" data-ago{name}>{said}'
    return Markup(f'<time class="num" {shown}</time>')  # noqa: S704 - nothing in it is a stranger's


def stamp(at_ns: int) -> str:
    """A moment for machines: ISO 8601 in UTC, to the millisecond."""
    return _moment(at_ns).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def clock(at_ns: int) -> str:
    """A moment for people, in UTC."""
    return _moment(at_ns).strftime("%Y-%m-%d %H:%M:%S UTC")


def _moment(at_ns: int) -> datetime:
    return datetime.fromtimestamp(at_ns / S, UTC)


def count(value: float | None) -> str:
    """A number with its thousands parted; 1.2 M from a million on."""
    if value is None:
        return "–"
    for size, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M")):
        if abs(value) >= size:
            return f"{value / size:.2f} {unit}"
    return f"{value:,.0f}" if float(value).is_integer() or abs(value) >= 100 else f"{value:.3g}"


def size(size_bytes: int | None) -> str:
    """Bytes by the unit that leaves one to four digits."""
    if size_bytes is None:
        return "–"
    left = float(size_bytes)
    for unit in SIZES[:-1]:
        if abs(left) < 1024:
            return f"{left:.0f} {unit}" if unit == "B" or left >= 100 else f"{left:.1f} {unit}"
        left /= 1024
    return f"{left:.1f} {SIZES[-1]}"


def share(part: float, whole: float) -> str:
    """A part of a whole in percent; nothing of nothing is 0 %."""
    percent = 100 * part / whole if whole else 0.0
    return f"{percent:.0f} %" if percent >= 10 or not percent else f"{percent:.1f} %"


def cut(text: object, most: int = 80) -> Markup:
    """Long text cut short, with the whole of it in `title`."""
    whole = " ".join(visible(text).split())
    if len(whole) <= most:
        return Markup.escape(whole)
    return Markup('<span title="{}">{}…</span>').format(whole[:2000], whole[: most - 1].rstrip())


FILTERS: Final = {
    "span": span, "ago": ago, "stamp": stamp, "clock": clock, "count": count, "size": size,
    "share": share, "cut": cut,
}  # fmt: skip
