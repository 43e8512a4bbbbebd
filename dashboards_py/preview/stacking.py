"""Series stacked on each other. Source: @grafana/ui, preparePlotData2."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards_py.preview.lines import Line, Samples


def stacked(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of one stack raised by the lines before them; in percent, as shares of the sum.

    Positive and negative values are stacked apart.
    """
    totals = _totals(lines)
    sums: dict[tuple[str, bool], dict[float, float]] = {}
    result: list[Line] = []
    for line in lines:
        mode, group = _stacking(line)
        if mode not in ("normal", "percent"):
            result.append(line)
            continue
        base: Samples = []
        samples: Samples = []
        for moment, value in line.samples:
            share = 0.0 if value is None else value
            if mode == "percent":
                total = totals.get(group, {}).get(moment) or 0.0
                share = share / total if total else 0.0
            below = sums.setdefault((group, share < 0), {})
            base.append((moment, below.get(moment, 0.0)))
            below[moment] = below.get(moment, 0.0) + share
            samples.append((moment, below[moment]))
        result.append(replace(line, samples=samples, base=base))
    return result


def _stacking(line: Line) -> tuple[str, str]:
    """The mode, and the group of lines that are stacked together."""
    stacking = line.group("stacking")
    return str(stacking.get("mode", "none")), f"{stacking.get('group', 'A')} {line.field.config.unit}"


def _totals(lines: Sequence[Line]) -> dict[str, dict[float, float]]:
    """For each group and moment, the sum of the magnitudes."""
    totals: dict[str, dict[float, float]] = {}
    for line in lines:
        group = totals.setdefault(_stacking(line)[1], {})
        for moment, value in line.samples:
            group[moment] = group.get(moment, 0.0) + abs(value or 0.0)
    return totals
