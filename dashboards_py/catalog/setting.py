"""A Helm value of the Cilium chart that something needs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` is dotted. With `append`, `value` is one more element of the list that `key` holds."""

    key: str
    value: bool | str
    append: bool = False

    def __str__(self) -> str:
        value = str(self.value).lower() if isinstance(self.value, bool) else self.value
        return f"{self.key}: {value}" if self.append else f"{self.key}={value}"

    @classmethod
    def read(cls, text: str) -> "Setting":
        """From `key=value`; true and false become booleans."""
        key, _, value = text.partition("=")
        return cls(key, {"true": True, "false": False}.get(value, value))
