"""The labels that the templates of alerts name, in annotations and labels."""

import re
from collections.abc import Mapping

ACTION = re.compile(r"\{\{(.*?)\}\}", re.S)
# `$labels.x`, `.Labels.x`, and `index $labels "x"`: template/template.go of Prometheus; also Grafana. Inside of `range
# query ...` the `.Labels` are those of another query.
USED = re.compile(r"\$labels\.(\w+)|(?<![\w)])\.Labels\.(\w+)|index\s+\$labels\s+[\"`](\w+)[\"`]")
RESULTS = re.compile(r"\{\{-?\s*(?:range|with)\b[^}]*\bquery\b")


def template_labels(text: str) -> tuple[str, ...]:
    """The labels of the alert's series that a template names, each once."""
    has_results = RESULTS.search(text) is not None
    names = [
        match[1] or match[3] or ("" if has_results else match[2])
        for action in ACTION.findall(text)
        for match in USED.finditer(action)
    ]
    return tuple(dict.fromkeys(filter(None, names)))


def labels_of_templates(texts: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The labels that each text names, by its key; texts without any are left out."""
    return {key: names for key, text in texts.items() if (names := template_labels(text))}
