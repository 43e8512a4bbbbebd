"""The units that our panels use, as Grafana's ids."""

from typing import Literal

# `count:` writes K, M and B before the text behind it, and never m or µ: `pps` makes 9.53 mp/s of 0.00953. `suffix:`
# writes the number as it is: `d` makes 6.96 weeks of 48.7 days.
# https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts lists all of them.
Unit = Literal[
    "none",
    "short",
    "s",
    "ms",
    "bytes",
    "bps",
    "percentunit",
    "count:pkt/s",
    "eps",
    "ops",
    "reqps",
    "count:/min",
    "suffix: days",
]
