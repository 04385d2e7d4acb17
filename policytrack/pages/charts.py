"""Draw readings: work out what a chart shows, as fractions; the component knows the pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from policytrack.commitments.models import Indicator
from policytrack.commitments.presenters import unit_name
from policytrack.core.i18n import format_date, format_number, label
from policytrack.core.i18n import gettext as _
from policytrack.progress.presenters import cell_text, cell_value, shown
from policytrack.progress.queries import Series
from policytrack.progress.rules import ShownSplit
from policytrack.progress.words import CELL_WORDS

# Times a power of ten: where an axis may end, so that its half is round too.
STEPS = (1, Decimal("1.2"), Decimal("1.6"), 2, 3, 4, 5, 6, 8, 10)


@dataclass(frozen=True, slots=True)
class Tick:
    """Hold a mark of an axis; `at` and `share` run from 0 to 1."""

    label: str
    at: float = 0
    share: float = 0


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of the chart."""

    key: str
    label: str
    points: Sequence[Tick]


@dataclass(frozen=True, slots=True)
class Chart:
    """Hold what the chart component draws, and the same numbers as a table."""

    id: str
    title: str
    summary: str
    organisation: str
    ticks_x: Sequence[Tick]
    ticks_y: Sequence[Tick]
    series: Sequence[Line]
    target: Tick | None
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    suppressed: bool
    drawn: bool


def charts(found: Sequence[Series], *, insider: bool) -> list[Chart]:
    """Return a chart for each organisation's readings of each indicator."""
    return [_chart(number, series, insider=insider) for number, series in enumerate(found, 1)]


def _chart(number: int, series: Series, *, insider: bool) -> Chart:
    indicator = series.indicator
    points = [
        (on, shown(split, counts_people=indicator.counts_people, insider=insider))
        for on, split in series.points
    ]
    used = [
        cell
        for cell in CELL_WORDS
        if any(cell_value(split, cell) is not None for _on, split in points)
    ]
    top = _top(points, indicator)
    return Chart(
        id=f"reading-{number}",
        title=_finding(indicator, points),
        summary=_summary(indicator, points),
        organisation=label(series.constituent.labels),
        ticks_x=[Tick(str(on.year), at=_at(on, points)) for on in _years(points)],
        ticks_y=[Tick(format_number(top * part / 4), share=part / 4) for part in range(0, 5, 2)],
        series=[
            Line(
                cell,
                str(CELL_WORDS[cell]),
                [
                    Tick(format_number(value), at=_at(on, points), share=float(value / top))
                    for on, split in points
                    if (value := cell_value(split, cell)) is not None
                ],
            )
            for cell in used
        ],
        target=Tick(_target_words(indicator), share=float(indicator.target / top))
        if indicator.target is not None
        else None,
        columns=[_("Date"), *(str(word) for word in CELL_WORDS.values())],
        rows=[
            [format_date(on), *(cell_text(split, cell) for cell in CELL_WORDS)]
            for on, split in points
        ],
        suppressed=any(split.suppressed for _on, split in points),
        drawn=bool(used) and len(points) > 1,
    )


def _top(points: Sequence[tuple[date, ShownSplit]], indicator: Indicator) -> Decimal:
    """Return the round number at which the axis ends, close above the highest value."""
    values = [
        value
        for _on, split in points
        for cell in CELL_WORDS
        if (value := cell_value(split, cell)) is not None
    ]
    highest = max([*values, indicator.target or Decimal(0), Decimal(1)])
    power = Decimal(10) ** (highest.adjusted())
    return next(power * step for step in STEPS if power * step >= highest)


def _at(on: date, points: Sequence[tuple[date, ShownSplit]]) -> float:
    first, last = points[0][0], points[-1][0]
    span = (last - first).days
    return (on - first).days / span if span else 0.5


def _years(points: Sequence[tuple[date, ShownSplit]]) -> list[date]:
    """Return one day of each year, so that no year stands twice on the axis."""
    by_year = {on.year: on for on, _split in reversed(points)}
    return sorted(by_year.values())


def _latest(points: Sequence[tuple[date, ShownSplit]]) -> tuple[date, str]:
    on, split = points[-1]
    return on, cell_text(split, "total")


def _target_words(indicator: Indicator) -> str:
    return _("target %(number)s", number=format_number(indicator.target))


def _finding(indicator: Indicator, points: Sequence[tuple[date, ShownSplit]]) -> str:
    on, total = _latest(points)
    values = {
        "indicator": label(indicator.labels),
        "number": total,
        "unit": unit_name(indicator.unit),
        "date": format_date(on),
    }
    if indicator.target is None:
        return _("%(indicator)s: %(number)s (%(unit)s) on %(date)s", **values)
    return _(
        "%(indicator)s: %(number)s (%(unit)s) on %(date)s; the target is %(target)s",
        target=format_number(indicator.target),
        **values,
    )


def _summary(indicator: Indicator, points: Sequence[tuple[date, ShownSplit]]) -> str:
    first, last = points[0], points[-1]
    return _(
        "From %(before)s on %(first)s to %(after)s on %(last)s (%(unit)s).",
        before=cell_text(first[1], "total"),
        first=format_date(first[0]),
        after=cell_text(last[1], "total"),
        last=format_date(last[0]),
        unit=unit_name(indicator.unit),
    )
