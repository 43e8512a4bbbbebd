"""The files that carry rules, one format each. A new file here is a new format; helpers begin with `_`."""

from typing import Protocol

from dashboards_py.compiled import CompiledRules
from dashboards_py.configuration import Alerts
from dashboards_py.plugins import Plugins


class RuleFormat(Protocol):
    """A format of rules, for one way to load them."""

    @property
    def FILE(self) -> str:  # noqa: N802  # a constant of the format's file
        """The name of the file."""

    def document(self, rules: CompiledRules, settings: Alerts, /) -> object:
        """The content, as values of YAML."""


FORMATS: Plugins[RuleFormat] = Plugins(__name__, __path__, (RuleFormat,))
