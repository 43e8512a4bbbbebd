"""The values of kube-prometheus-stack that the boards need: folders for the sidecar, a selector, and an interval."""

from collections.abc import Mapping

from dashboards_py.values.required import Item, RequiredValues

SCRAPE_INTERVAL = "prometheus.prometheusSpec.scrapeInterval"
SELECTOR = "prometheus.prometheusSpec.serviceMonitorSelector.matchLabels.release"
FOLDER_VALUES: Mapping[str, Item] = {
    "grafana.sidecar.dashboards.folderAnnotation": Item("grafana_folder", ("the folder that each ConfigMap names",)),
    "grafana.sidecar.dashboards.provider.foldersFromFilesStructure": Item(
        True, ("folders of files become folders of Grafana",)
    ),
}


def stack(*, selected_by: str, interval: str) -> RequiredValues:
    """The values for a stack whose Prometheus selects ServiceMonitors with `release: <selected_by>`.

    The chart sets the data source's interval to `scrapeInterval`, on which Grafana's `$__rate_interval` depends. No
    password is set: the chart generates one and stores it in a Secret.
    """
    return {
        **FOLDER_VALUES,
        SCRAPE_INTERVAL: Item(interval, ("as the ServiceMonitors; the data source follows",)),
        SELECTOR: Item(selected_by, ("the label that Cilium's ServiceMonitors carry",)),
    }
