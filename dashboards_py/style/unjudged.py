"""The names of series that no color judges: what of them decides the hue, and what the style of the line."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from dashboards_py.model import LineStyle, Query
from dashboards_py.style.colors import all_known_values, has_color, known_values, legend_labels, series_colors
from dashboards_py.style.lines import STYLES, styled_labels
from dashboards_py.style.name_patterns import escaped

ALL_STYLES: tuple[LineStyle, ...] = (*STYLES, "long dash")
RANDOM_END = ("pod",)  # labels whose values begin alike
Key = tuple[str, ...]  # values of the labels that decide a hue


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a query's series that no color judges.

    `known`: the catalogue knows the values of all labels, or what it does not know is judged; otherwise `values`, which
    are names without what is before the first label, are empty. `hue_labels` decide the hue, by the position of their
    values among the `keys`, all that are known; lines have a style for each value of the `style_label`, if there is
    one.
    """

    query: Query
    values: Key
    known: bool
    hue_labels: tuple[str, ...]
    keys: tuple[Key, ...]
    style_label: str

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the legend."""
        return legend_labels(self.query)

    @property
    def prefix(self) -> str:
        """The text before the first label."""
        return self.query.legend.partition("{{")[0]

    @property
    def style_values(self) -> Key:
        """The values that have styles."""
        return all_known_values(self.query, self.style_label) if self.style_label else ()

    @property
    def begin_alike(self) -> bool:
        """True if values end at random instead."""
        return self.labels[0] in RANDOM_END

    def pattern(self, labels: Sequence[str], key: Key) -> str:
        """A pattern of the names with these values of some labels."""
        values = dict(zip(labels, key, strict=True))
        parts = re.split(r"{{(\w+)}}", self.query.legend)
        texts = [
            (escaped(values[part]) if part in values else ".*") if index % 2 else escaped(part)
            for index, part in enumerate(parts)
        ]
        return re.sub(r"\.\*( \.\*)+", ".*", "".join(texts))


def unjudged_names(
    query: Query, judged: Sequence[re.Pattern[str]], values_of: Callable[[Query, str], Key], style_label: str
) -> Names:
    """The names of a query's series that match none of the `judged`; `values_of` a label are those with keys."""
    labels, prefix = legend_labels(query), query.legend.partition("{{")[0]
    names = [
        prefix + name_of(query, dict(zip(labels, values, strict=True)))
        for values in product(*(sorted({*known_values(query, label)}) for label in labels))
    ]
    values = tuple(name.removeprefix(prefix) for name in names if not any(one.search(name) for one in judged))
    hue_labels = tuple(label for label in labels if label not in (style_label, *styled_labels(query))) or labels
    known = [sorted(values_of(query, label)) for label in hue_labels]
    keys = (key for key in product(*known) if not has_color(query, dict(zip(hue_labels, key, strict=True))))
    is_known = bool(names) or bool(series_colors([query]))
    return Names(query, values, is_known, hue_labels, tuple(keys) if values else (), style_label)


def name_of(query: Query, values: Mapping[str, str]) -> str:
    """The name that the legend gives a series, from the first label on."""
    name = query.legend[query.legend.index("{{") :]
    for label, value in values.items():
        name = name.replace(f"{{{{{label}}}}}", value)
    return name


def style_label_of(query: Query) -> str:
    """The label of several that has the fewest values, if there are styles for these; "" if none."""
    labels = legend_labels(query)
    sizes = {label: len(all_known_values(query, label)) for label in labels}
    fewest = min(reversed(labels), key=sizes.__getitem__)
    is_one = len(labels) > 1 and all(sizes.values()) and 1 < sizes[fewest] <= len(STYLES)
    return fewest if is_one else ""
