"""The wording of remedies: the commands and options that errors, steps and checks suggest."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from dashboards_py.errors import DashboardsError, Fix, Remedy

SCRIPT = "setup.sh"
# By kind of remedy; what a remedy is about goes into the braces, {command} is `up` or `down` of the program {setup}.
REMEDIES: Mapping[str, str] = {
    "accept-embedded-envoy": "set envoy.enabled=true (a DaemonSet of its own), or continue without its metrics: "
    "--embedded-envoy",
    "accept-overwritten": "set them again (helm get values {release} -n {namespace} --revision {revision}), then run "
    "the command again; or leave them as they are: {command} --take-over",
    "change-source": "change it in the source that {tool} applies, which would undo an overwrite; then run the command "
    "again",
    "change-source-first": "change it in the source that {tool} applies, which would undo an overwrite; save what you "
    "need of what others set, then: {command} --take-over",
    "check-chart-version": "check that the version exists (helm search repo --versions), or give a directory with "
    "--charts",
    "check-values": "cilium-dashboards values --check {file} --cilium {cilium}",
    "choose-cilium": "use --cilium {newest}",
    "choose-namespace": "kubectl create namespace {namespace}, or name one that Grafana's sidecar watches: --namespace",
    "choose-prometheus": "choose one: --prometheus NAMESPACE/NAME",
    "choose-release-name": "choose another name with --release",
    "damaged-chart": "the file is not a whole chart: a page of a proxy, or a download that was cut off. Pull it again, "
    "elsewhere if need be (helm pull), and name its directory with --charts",
    "delete-volumes": "--delete-volumes removes them",
    "deploy-boards": "cilium-dashboards deploy configmaps --namespace {namespace} --cilium {cilium}",
    "deploy-to-grafana": "cilium-dashboards deploy grafana --cilium {cilium}",
    "deploy-rules": "cilium-dashboards deploy configmaps --rules --namespace {namespace} --cilium {cilium}",
    "give-values": "set the values where Cilium is managed (Argo CD, Flux, your cloud): `cilium-dashboards values` "
    "prints them",
    "install-cilium": "--install-cilium VERSION installs it, as a network",
    "install-kinds": "the cluster lacks the kinds that the message names: install what defines them "
    "(`{setup} up` installs those of monitoring.coreos.com)",
    "leave-stack-alone": "use it: --no-stack",
    "lint-board": "`cilium-dashboards lint FILE` lists queries of other boards that are then empty",
    "log-in-to-repository": "it, or a proxy in front of it, refuses this machine: log in (helm repo add --username), "
    "or pull the chart elsewhere (helm pull) and name its directory with --charts",
    "look-up-metric": "`cilium-dashboards catalog {metric} --cilium {cilium}` says what enables it there",
    "merge-values": "cilium-dashboards values cilium --cilium {cilium} --merge-with {file} > {merged}",
    "no-prometheus": "if VictoriaMetrics, Alloy or a plain Prometheus scrapes: `cilium-dashboards values` prints what "
    "Cilium needs, and `deploy` sends the boards; if nothing does: `{command}` without --no-stack installs it",
    "overwrite-boards": "cilium-dashboards deploy configmaps --namespace {namespace} --cilium {cilium} --overwrite",
    "overwrite-in-grafana": "`cilium-dashboards deploy grafana {uids} --cilium {cilium} --overwrite`, then "
    "`cilium-dashboards deploy grafana --cilium {cilium}` (adds links to other boards, overwrites no edit)",
    "overwrite-rules": "cilium-dashboards deploy configmaps --rules --namespace {namespace} --cilium {cilium} "
    "--overwrite",
    "print-keep-rules": "`cilium-dashboards keep` prints rules that keep what boards and alerts read",
    "pull-chart": "make it reachable from this machine, or pull the chart elsewhere (helm pull) and name its "
    "directory with --charts",
    "recover-operation": "another operation is running: wait; if it was killed, `{setup} plan` says how to recover",
    "replace-chart": "use the chart from the source of yours: --charts DIR with its {chart}-{version}.tgz; "
    "or replace it: --replace-chart",
    "restart": "--restart restarts them",
    "send-tenant": "send the tenant as a header, as the data source in Grafana has to: --header '{header}: TENANT'",
    "take-over": "save what you need of it (in the chart's values, or a copy), then: {command} --take-over",
    "uninstall-cilium": "--uninstall-cilium removes it",
    "up": "{setup} up",
    "use-context": "choose one: --context {kubectl}, or --context {helm}",
    "use-existing-stack": "use it: --namespace {namespace} --release {release}; or --no-stack leaves it as it is",
    "verify-prometheus": "{setup} verify --prometheus-url {url}",
    "write-elsewhere": "move them away, or choose another directory (--out)",
    "wrong-index": "it answers with something other than an index.yaml, such as the page of a login or a proxy: open "
    "its address to see it, or pull the chart elsewhere (helm pull) and name its directory with --charts",
}
# The options that a remedy of kind `up` may have.
UP_OPTIONS: Mapping[str, str] = {
    "no_stack": "--no-stack",
    "namespace": "--namespace {}",
    "release": "--release {}",
    "prometheus": "--prometheus {}",
    "embedded_envoy": "--embedded-envoy",
    "rules": "--rules",
    "take_over": "--take-over",
    "restart": "--restart",
}


@cache
def setup_program() -> str:
    """What runs `plan`, `up`, `verify` and `down`: a checkout's script, or the command that pip or pipx installed."""
    script = Path(__file__).parents[2] / "cluster-setup" / SCRIPT
    return SCRIPT if script.is_file() else "cilium-dashboards cluster"


def remedy_text(remedy: Remedy, command: str) -> str:
    """The text of the remedy; `command` is `up` or `down`."""
    program = setup_program()
    text = REMEDIES[remedy.kind].format(setup=program, command=f"{program} {command}", **remedy.about)
    options = remedy.about.items() if remedy.kind == "up" else ()
    return " ".join([text, *(UP_OPTIONS[name].format(value) for name, value in options)])


def fix_text(fix: Fix, command: str) -> str:
    """A fix as text, with its remedies worded."""
    if isinstance(fix, str):
        return fix
    if isinstance(fix, Remedy):
        return remedy_text(fix, command)
    return "".join(fix_text(part, command) for part in fix)


def resolve_remedy(error: DashboardsError, command: str = "up") -> None:
    """Replace the error's remedy, if any, by a fix that words it; `command` is `up` or `down`."""
    if error.remedy:
        error.fix, error.remedy = remedy_text(error.remedy, command), None
