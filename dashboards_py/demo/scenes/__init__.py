"""Scenes: what happens to the demonstration's cluster, one file each."""

from dashboards_py.demo.scenes._part import Scene
from dashboards_py.plugins import Plugins

SCENES: Plugins[Scene] = Plugins(__name__, __path__, (Scene,))
