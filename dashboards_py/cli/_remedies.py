"""The suggestions of errors and steps of `cluster`, worded as options of its commands."""

from collections.abc import Mapping

from dashboards_py.errors import Remedy

# By the kind of a remedy, with what it is about in braces.
REMEDIES: Mapping[str, str] = {
    "accept-embedded-envoy": "set envoy.enabled=true (a DaemonSet of its own), or do without its metrics: "
    "--embedded-envoy",
    "choose-namespace": "kubectl create namespace {namespace}, or name one that Grafana's sidecar watches: --namespace",
    "choose-prometheus": "choose one: --prometheus NAMESPACE/NAME",
    "choose-release-name": "choose another name with --release",
    "delete-volumes": "--delete-volumes removes them",
    "install-cilium": "--install-cilium VERSION installs it, as a network",
    "leave-stack-alone": "use it: --no-stack",
    "no-prometheus": "where VictoriaMetrics, Alloy or a plain Prometheus scrapes: `cilium-dashboards values` prints "
    "what Cilium needs, and `deploy` brings the boards; where nothing does: `{command}` without --no-stack installs it",
    "replace-chart": "take the chart from where yours came: --charts DIR with {chart}-{version}.tgz of that source; "
    "or replace it: --replace-chart",
    "restart": "--restart rolls it out",
    "take-over": "keep what is needed of it (in values of the chart, or a copy), then: {command} --take-over",
    "uninstall-cilium": "--uninstall-cilium removes it",
    "use-context": "choose one: --context {kubectl}, or --context {helm}",
    "use-existing-stack": "use it: --namespace {namespace} --release {release}; or --no-stack leaves it as it is",
}


def words(remedy: Remedy, command: str) -> str:
    """The text of the remedy; `command` is `up` or `down`."""
    return REMEDIES[remedy.kind].format(command=f"setup.sh {command}", **remedy.about)
