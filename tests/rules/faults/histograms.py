"""Histograms that are stored natively from one moment on."""

from tests.rules.faults._fault import Fault, on, times

SWITCH = Fault(
    name="native-histograms-on",
    story="Somebody sets scrape_native_histograms: classic series of histograms end, native ones begin.",
    fires=("CiliumHistogramsNativeOnly",),
    played=on("", times(1.0)),  # nothing: only how histograms are stored changes
)
