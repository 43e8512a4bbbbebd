"""Color scales of heatmaps: schemes of ColorBrewer and matplotlib, by nine colors each. Source: d3-scale-chromatic."""

from collections.abc import Mapping
from typing import Any

_SCHEMES = {
    "Oranges": "fff5eb fee6ce fdd0a2 fdae6b fd8d3c f16913 d94801 a63603 7f2704",
    "Blues": "f7fbff deebf7 c6dbef 9ecae1 6baed6 4292c6 2171b5 08519c 08306b",
    "Greens": "f7fcf5 e5f5e0 c7e9c0 a1d99b 74c476 41ab5d 238b45 006d2c 00441b",
    "Reds": "fff5f0 fee0d2 fcbba1 fc9272 fb6a4a ef3b2c cb181d a50f15 67000d",
    "Purples": "fcfbfd efedf5 dadaeb bcbddc 9e9ac8 807dba 6a51a3 54278f 3f007d",
    "Greys": "ffffff f0f0f0 d9d9d9 bdbdbd 969696 737373 525252 252525 000000",
    "YlOrRd": "ffffcc ffeda0 fed976 feb24c fd8d3c fc4e2a e31a1c bd0026 800026",
    "YlGnBu": "ffffd9 edf8b1 c7e9b4 7fcdbb 41b6c4 1d91c0 225ea8 253494 081d58",
    "Spectral": "d53e4f f46d43 fdae61 fee08b ffffbf e6f598 abdda4 66c2a5 3288bd",
    "RdYlGn": "d73027 f46d43 fdae61 fee08b ffffbf d9ef8b a6d96a 66bd63 1a9850",
    "Viridis": "440154 472d7b 3b528b 2c728e 21918c 28ae80 5ec962 addc30 fde725",
    "Magma": "000004 1d1147 51127c 832681 b73779 e75263 fc8961 fec488 fcfdbf",
    "Inferno": "000004 210c4a 56106e 89226a bb3754 e35933 f98c0a f9c932 fcffa4",
    "Plasma": "0d0887 4b03a1 7d03a8 a82296 cb4679 e56b5d f89441 fdc328 f0f921",
    "Turbo": "30123b 4662d7 36aaf9 1ae4b6 72fe5e c7ef34 faba39 f66b19 7a0403",
}
DEFAULT = "Oranges"
ONE_HUE = ("Oranges", "Blues", "Greens", "Reds", "Purples", "Greys", "YlOrRd", "YlGnBu")


def ramp_color(options: Mapping[str, Any], share: float, *, is_dark: bool) -> str:
    """The color for a share from 0 to 1, by the options of a heatmap; a scheme that is not known is drawn in oranges.

    Schemes of one hue run from dark to light on dark pages, so that few counts are near the background.
    """
    name = str(options.get("scheme", DEFAULT))
    colors = _SCHEMES.get(name, _SCHEMES[DEFAULT]).split()
    if (name in ONE_HUE or name not in _SCHEMES) and is_dark:
        colors.reverse()
    if options.get("reverse") is True:
        colors.reverse()
    steps = options.get("steps")
    steps = steps if isinstance(steps, int) and steps > 1 else 64
    position = round(min(max(share, 0), 1) * (steps - 1)) / (steps - 1) * (len(colors) - 1)
    low = min(int(position), len(colors) - 2)
    return _mixed(colors[low], colors[low + 1], position - low)


def _mixed(first: str, second: str, share: float) -> str:
    parts = zip(bytes.fromhex(first), bytes.fromhex(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in parts)
