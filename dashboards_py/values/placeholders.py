"""Values that another program fills in before Helm reads them: what they are is not known."""

import re
from collections.abc import Iterator
from typing import Any

from dashboards_py.catalog import components
from dashboards_py.values.keys import DEFAULTS, HANDLERS, METRICS, Values, get_value, split_key

# `${X}` and `${X:=true}` of Flux, Terraform and shells; `{{ x }}` of Helm, Argo CD and Ansible; `<path:x#y>` of Argo
# CD's plugin for Vault; what SOPS encrypted.
PLACEHOLDER = re.compile(r"\$\{.+?\}|\{\{.+?\}\}|^<[\w:/#.-]+>$|^ENC\[")


def placeholders(values: Values) -> Iterator[str]:
    """A sentence for each value that decides which metrics there are, and is not known yet."""
    settings = (setting.key for component in components().values() for setting in component.enabled_by)
    keys = dict.fromkeys((*settings, *DEFAULTS, METRICS, HANDLERS, "hubble.metrics.dynamic.enabled"))
    texts = dict(filter(None, (_placeholder(values, key) for key in keys)))
    for key, text in texts.items():
        yield f"{key} is {text}, which another program fills in"


def _placeholder(values: Values, key: str) -> tuple[str, str] | None:
    """The first key on the way to a dotted key whose value is a placeholder, and the placeholder."""
    path: list[str] = []
    for name in split_key(key):
        path.append(name)
        value = get_value(values, ".".join(path))
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str) and PLACEHOLDER.search(text):
                return ".".join(path), text if not text.startswith("ENC[") else "encrypted"
    return None


def is_placeholder(value: Any) -> bool:
    """True for a text that stands for a value that is not known."""
    return isinstance(value, str) and PLACEHOLDER.search(value) is not None
