"""Reading back what a picture says."""

from collections import defaultdict
from math import inf
from xml.etree import ElementTree

TEXT = "{http://www.w3.org/2000/svg}text"


def texts(svg: str, *, above: float = inf) -> dict[str, list[str]]:
    """The texts of a picture by their class, in the order in which they are drawn; those `above` a height in pixels."""
    result: dict[str, list[str]] = defaultdict(list)
    for element in ElementTree.fromstring(svg).iter(TEXT):
        if float(element.get("y", "0")) < above:
            result[element.get("class", "")].append(element.text or "")
    return dict(result)


def heights(svg: str, name: str) -> list[float]:
    """The baselines of the texts of a class."""
    return [float(text.get("y", "0")) for text in ElementTree.fromstring(svg).iter(TEXT) if text.get("class") == name]
