"""Histograms whose label sets differ, and whose quantiles move: most observations are fast, some are slow at times."""

import re
from dataclasses import replace
from functools import cache
from zlib import crc32

from dashboards_py.catalog import NEWEST, entries, split
from dashboards_py.demo.cluster import levels
from dashboards_py.demo.cluster.shapes import share_below
from dashboards_py.demo.motion import Count, Waves
from dashboards_py.demo.scenes._part import Part

SLOW_SHARE, SLOWER = 0.05, 4.0  # of the observations; times the mean of the others
LONGEST = 4.0  # times the mean of its kind: nothing takes longer, so that few observations have no odd quantiles
# Of the means of the synthetic cluster, those of a cluster in which all is well: (metric, factor).
QUICK = (("regeneration_time", 0.4),)
SLOW_WAVES = ((2210.0, 0.35), (720.0, 0.25), (260.0, 0.2))  # period in seconds, share


def spread(part: Part) -> Part:
    """The series of a histogram with means by label set, and with slow observations; any other series unchanged."""
    metric, suffix = split(part.name)
    mean = _mean(metric, part.target.component)
    if not suffix or mean is None or not isinstance(part.motion, Count):
        return part
    of_set = sorted((label, value) for label, value in part.labels.items() if label not in ("le", "pod", "instance"))
    chance = crc32(repr((metric, of_set)).encode())
    quick = next((factor for pattern, factor in QUICK if re.search(pattern, metric)), 1.0)
    fast = mean * quick * (0.35 + chance % 997 / 997 * 1.6)
    slow = fast * SLOWER
    motion, slow_waves = part.motion, _slow_waves(chance)
    if suffix == "_bucket":
        bound = float(part.labels["le"])
        total = motion.rate / share_below(bound, mean)
        counted: tuple[float, float] | None = (_share_below(bound, fast), _share_below(bound, slow))
    else:
        total = motion.rate / (mean if suffix == "_sum" else 1.0)
        counted = None if suffix == "_sum" else (1.0, 1.0)
    sizes = (fast, slow) if suffix == "_sum" else (1.0, 1.0)
    moved = replace(
        motion,
        rate=total * (1 - SLOW_SHARE) * sizes[0],
        slow_rate=total * SLOW_SHARE * sizes[1],
        slow_waves=slow_waves,
        counted=counted,
    )
    return part.moving(moved)


def _share_below(bound: float, mean: float) -> float:
    return 1.0 if bound >= LONGEST * mean else share_below(bound, mean)


@cache
def _mean(metric: str, component: str) -> float | None:
    """The mean that the synthetic cluster's observations have; None where it is no histogram with classic buckets."""
    histograms = (entry for entry in entries(metric) if entry.component == component)
    unit = next((entry.unit for entry in histograms if entry.type_on(NEWEST) == "histogram"), None)
    return None if unit is None else levels.mean(metric, unit)


def _slow_waves(chance: int) -> Waves:
    return Waves(
        tuple(
            (period, share, (chance >> 3 * number) % 6283 / 1000) for number, (period, share) in enumerate(SLOW_WAVES)
        )
    )
