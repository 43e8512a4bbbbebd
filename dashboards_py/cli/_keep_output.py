"""The output of `keep`, in each of its formats."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dashboards_py.catalog import Component
    from dashboards_py.values.keep import Read

    Rules = Mapping[str, Sequence[Mapping[str, Any]]]  # rules by the name of a component

HEAD = (
    "What Prometheus stores of {what}: the series that {readers} read.\n"
    "Printed by `cilium-dashboards keep`. It replaces its own rules, and leaves others."
)


def values_text(values: "Mapping[str, Any]", head: str) -> str:
    """Values of the Cilium chart."""
    return _comment(head) + "".join(f"{line}\n" for line in _lines(values, 0))


def relabelings_text(rules: "Rules", head: str) -> str:
    """`metricRelabelings` of a ServiceMonitor, PodMonitor or ScrapeConfig, by component."""
    documents = (f"# {name}\n" + values_text({"metricRelabelings": rules_}, "") for name, rules_ in rules.items())
    return _comment(head) + "---\n".join(documents)


def prometheus_text(rules: "Rules", head: str) -> str:
    """`metric_relabel_configs` of a scrape configuration, by component."""
    documents = (
        f"# {name}\n" + values_text({"metric_relabel_configs": [_snake(rule) for rule in rules_]}, "")
        for name, rules_ in rules.items()
    )
    return _comment(head) + "---\n".join(documents)


def alloy_text(rules: "Rules", head: str) -> str:
    """A component `prometheus.relabel` of Grafana Alloy for each component of Cilium."""
    blocks = []
    for name, rules_ in rules.items():
        lines = [
            f'prometheus.relabel "{name.replace("-", "_")}" {{',
            "  forward_to = [prometheus.remote_write.default.receiver]",
        ]
        for rule in rules_:
            lines += ["", "  rule {"]
            lines += [f"    {key:<13} = {_alloy(value)}" for key, value in _snake(rule).items()]
            lines.append("  }")
        blocks.append("\n".join([*lines, "}"]) + "\n")
    return "".join(f"// {line}\n" for line in head.splitlines()) + "\n" + "\n".join(blocks)


TEXTS: "Mapping[str, Callable[[Rules, str], str]]" = {
    "relabelings": relabelings_text,
    "prometheus": prometheus_text,
    "alloy": alloy_text,
}


def rules_of(read: "Read", components: "Sequence[Component]") -> "Rules":
    """The rule of each component of which something is read."""
    from dashboards_py.values.keep import keep_rule

    return {component.name: [rule] for component in components if (rule := keep_rule(read, component))}


def _comment(head: str) -> str:
    return "".join(f"# {line}\n" for line in head.splitlines())


def _snake(rule: "Mapping[str, Any]") -> dict[str, Any]:
    return {"source_labels" if key == "sourceLabels" else key: value for key, value in rule.items()}


def _alloy(value: Any) -> str:
    import json

    return json.dumps(value)


def _lines(value: Any, depth: int) -> "Iterator[str]":
    """A value as lines of YAML; a long regular expression has one name on each line."""
    from dashboards_py.documents.write_yaml import write_flow

    indent = "  " * depth
    for key, inner in value.items():
        if isinstance(inner, dict):
            yield f"{indent}{write_flow(key)}:"
            yield from _lines(inner, depth + 1)
        elif isinstance(inner, list) and inner and all(isinstance(entry, dict) for entry in inner):
            yield f"{indent}{write_flow(key)}:"
            for entry in inner:
                lines = list(_lines(entry, depth + 2))
                yield f"{indent}  - {lines[0].strip()}"
                yield from lines[1:]
        else:
            yield from _entry(key, inner, indent)


def _entry(key: str, value: Any, indent: str) -> "Iterator[str]":
    from dashboards_py.documents.write_yaml import write_flow

    names = value.split("|") if key == "regex" and isinstance(value, str) else []
    if len(names) < 2 or not all(name.isprintable() for name in names):
        yield f"{indent}{write_flow(key)}: {write_flow(value)}"
        return
    escaped = [name.replace("\\", "\\\\").replace('"', '\\"') for name in names]
    yield f'{indent}{key}: "\\'
    yield from (f"{indent}  {name}|\\" for name in escaped[:-1])
    yield f'{indent}  {escaped[-1]}"'
