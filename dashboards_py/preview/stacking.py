"""Series stacked on each other. Source: @grafana/ui, uPlot/utils.ts (getStackingGroups and preparePlotData2)."""

from collections.abc import Sequence
from dataclasses import replace

from dashboards_py.preview.lines import Line, Samples


def stacked(lines: Sequence[Line]) -> list[Line]:
    """The lines, those of one stack raised by the lines before them; in percent, as shares of the sum.

    Series that are mostly negative are stacked downwards. Where a series has no value and another of its stack has
    one, it counts as zero.
    """
    groups: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        if line.group("stacking").get("mode") in ("normal", "percent"):
            groups.setdefault(_key(line), []).append(number)
    result = list(lines)
    for members in groups.values():
        for number, line in zip(members, _raised([lines[number] for number in members]), strict=True):
            result[number] = line
    return result


def _key(line: Line) -> str:
    """What is equal of lines of one stack."""
    config, stacking = line.field.config, line.group("stacking")
    shape = line.style("barAlignment" if line.style("drawStyle", "line") == "bars" else "lineInterpolation", None)
    names = ("axisSoftMin", "axisSoftMax", "axisPlacement", "axisLabel", "scaleDistribution", "drawStyle")
    values = (config.unit, config.minimum, config.maximum, stacking.get("mode"), stacking.get("group", "A"), shape)
    return repr((_is_negative(line), *values, *(line.style(name, None) for name in names)))


def _is_negative(line: Line) -> bool:
    values = [value for _, value in line.samples if value is not None]
    return sum(value < 0 for value in values) > sum(value > 0 for value in values)


def _raised(lines: Sequence[Line]) -> list[Line]:
    """The lines of one stack."""
    times = sorted({moment for line in lines for moment, _ in line.samples})
    has_value = {moment for line in lines for moment, value in line.samples if value is not None}
    sums = dict.fromkeys(times, 0.0)
    result = []
    for line in lines:
        values = dict(line.samples)
        base: Samples = [(moment, sums[moment]) for moment in times]
        for moment in times:
            sums[moment] += values.get(moment) or 0.0
        samples: Samples = [(moment, sums[moment] if moment in has_value else None) for moment in times]
        result.append(replace(line, samples=samples, base=base))
    return [_as_shares(line, sums) for line in result] if lines[0].is_percent else result


def _as_shares(line: Line, totals: dict[float, float]) -> Line:
    sign = -1 if _is_negative(line) else 1

    def share(moment: float, value: float | None) -> float | None:
        return None if value is None else sign * value / totals[moment] if totals[moment] else 0.0

    samples = [(moment, share(moment, value)) for moment, value in line.samples]
    return replace(line, samples=samples, base=[(moment, share(moment, value)) for moment, value in line.base or ()])
