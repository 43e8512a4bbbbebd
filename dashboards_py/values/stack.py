"""Values of kube-prometheus-stack that the boards need: folders for the sidecar, one selector, one interval."""

from dashboards_py.values.required import Item, RequiredValues

SELECTOR = "prometheus.prometheusSpec.serviceMonitorSelector.matchLabels.release"


def stack(*, selected_by: str, interval: str) -> RequiredValues:
    """The values for a stack whose Prometheus selects ServiceMonitors with `release: <selected_by>`.

    The chart takes the data source's interval from `scrapeInterval`, and Grafana's `$__rate_interval` follows it. No
    password is set here: the chart makes a random one and keeps it in a Secret.
    """
    boards = "grafana.sidecar.dashboards"
    return {
        f"{boards}.folderAnnotation": Item("grafana_folder", ("the folder that each ConfigMap names",)),
        f"{boards}.provider.foldersFromFilesStructure": Item(True, ("folders of files become folders of Grafana",)),
        "prometheus.prometheusSpec.scrapeInterval": Item(
            interval, ("as the ServiceMonitors; the data source follows",)
        ),
        SELECTOR: Item(selected_by, ("the label that Cilium's ServiceMonitors carry",)),
    }
