"""The units that our panels use, as Grafana's ids."""

from typing import Literal

# https://github.com/grafana/grafana/blob/main/packages/grafana-data/src/valueFormats/categories.ts lists all of them.
Unit = Literal["none", "short", "s", "ms", "d", "bytes", "bps", "pps", "ops", "opm", "reqps", "percentunit"]
