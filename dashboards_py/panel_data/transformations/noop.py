"""Nothing: what Grafana calls a transformation that was not chosen yet."""

from dashboards_py.panel_data.transformations._transformation import Frames, Json


def transform(frames: Frames, _options: Json) -> Frames:
    """The frames as they are."""
    return frames
