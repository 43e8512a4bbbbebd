"""A Helm value of the Cilium chart that a metric needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """A Helm value; `key` is dotted. With `append`, `value` is appended to the list at `key`."""

    key: str
    value: bool | str
    append: bool = False

    def __str__(self) -> str:
        value = str(self.value).lower() if isinstance(self.value, bool) else self.value
        return f"{self.key}: {value}" if self.append else f"{self.key}={value}"

    @classmethod
    def read(cls, text: str) -> "Setting":
        """Parse `key=value`; true and false become booleans."""
        key, _, value = text.partition("=")
        return cls(key, {"true": True, "false": False}.get(value, value))
