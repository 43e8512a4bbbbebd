"""Histograms whose label sets differ, and whose quantiles move: most observations are fast, some are slow at times."""

import re
from dataclasses import replace
from functools import cache
from zlib import crc32

from dashboards_py.catalog import NEWEST, entries, split
from dashboards_py.demo.cluster import levels
from dashboards_py.demo.cluster.shapes import share_below
from dashboards_py.demo.motion import Count, Observed, Waves
from dashboards_py.demo.scenes._part import Part
from dashboards_py.demo.scenes._stages import STAGE, STAGES, share_of_total

SLOW_SHARE, SLOWER = 0.05, 4.0  # of the observations; times the mean of the others
# Of the means of the synthetic cluster, those of a cluster in which all is well: (metric, factor).
QUICK = (("regeneration_time", 0.4),)
SLOW_WAVES = ((2210.0, 0.35), (720.0, 0.25), (260.0, 0.2))  # period in seconds, share


def spread(part: Part, rate: float | None = None) -> Part:
    """The series of a histogram with means by label set, and with slow observations; any other series unchanged.

    `rate` is that of its observations, if it is not that of the synthetic cluster. A summary has one kind of them.
    """
    metric, suffix = split(part.name)
    kind, mean = _kind_and_mean(metric, part.target.component)
    if not suffix or not kind or not isinstance(part.motion, Count):
        return part
    bound = float(part.labels.get("le", "inf"))
    if rate is None:
        rate = part.motion.rate / (mean if suffix == "_sum" else share_below(bound, mean))
    rate = float(f"{rate:.9e}")  # the same for each series of a label set
    fast, chance = _fast(metric, part, mean)
    is_summary = kind == "summary"
    slow_share = 0.0 if is_summary else SLOW_SHARE
    moved = replace(
        part.motion,
        rate=rate * (1 - slow_share),
        base=0.0,
        slow_rate=rate * slow_share,
        slow_waves=_slow_waves(chance),
        observed=Observed((mean, mean) if is_summary else (fast, fast * SLOWER), bound, summed=suffix == "_sum"),
    )
    return part.moving(moved)


def _fast(metric: str, part: Part, mean: float) -> tuple[float, int]:
    """The mean of the fast observations of a label set, and its random number: that of the total in all stages."""
    apart = {"le", "pod", "instance", *((STAGE,) if metric in STAGES else ())}
    of_set = sorted((label, value) for label, value in part.labels.items() if label not in apart)
    chance = crc32(repr((metric, of_set)).encode())
    quick = next((factor for pattern, factor in QUICK if re.search(pattern, metric)), 1.0)
    return mean * quick * (0.35 + chance % 997 / 997 * 1.6) * share_of_total(metric, part.labels), chance


@cache
def _kind_and_mean(metric: str, component: str) -> tuple[str, float]:
    """The metric's type and the mean that the synthetic cluster's observations have; ("", 0.0) without observations."""
    for entry in entries(metric):
        kind = entry.type_on(NEWEST)
        if entry.component == component and kind in ("histogram", "summary"):
            return kind, levels.mean(metric, entry.unit)
    return "", 0.0


def _slow_waves(chance: int) -> Waves:
    return Waves(
        tuple(
            (period, share, (chance >> 3 * number) % 6283 / 1000) for number, (period, share) in enumerate(SLOW_WAVES)
        )
    )
