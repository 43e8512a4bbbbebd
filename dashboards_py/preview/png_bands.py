"""A picture as PNG whose bands other processes draw, while the next ones are asked for: resvg runs on one core."""

import os
import subprocess
import sys
from tempfile import TemporaryFile
from types import TracebackType
from typing import Self

from dashboards_py.preview import png
from dashboards_py.preview.png_stack import stacked


class PngBands:
    """The bands of one picture. What is still drawn at the end of a `with` is given up."""

    def __init__(self) -> None:
        self._bands: list[_Band] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for band in self._bands:
            band.stop()

    def begin(self, svg: str) -> None:
        """Begin to draw a band; as many at once as there are processors."""
        running = [band for band in self._bands if band.is_running]
        if len(running) >= (os.cpu_count() or 1):
            running[0].png()
        self._bands.append(_Band(svg))

    def picture(self, svg: str) -> bytes:
        """The picture of which `svg` is the whole."""
        return stacked([band.png() for band in self._bands]) if self._bands else png.to_png(svg)


class _Band:
    """A band that is drawn by a process of its own; where none can be started or it fails, by this one."""

    def __init__(self, svg: str) -> None:
        self._svg, self._png = svg, b""
        self._process: subprocess.Popen[bytes] | None = None
        command = [sys.executable, "-P", "-m", png.__name__]
        try:
            with TemporaryFile() as source:
                source.write(svg.encode())
                source.seek(0)
                self._process = subprocess.Popen(
                    command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
        except OSError:  # no such program, or no room for the file
            return

    @property
    def is_running(self) -> bool:
        """Whether its process draws, or waits to be read."""
        return self._process is not None and not self._png and self._process.poll() is None

    def png(self) -> bytes:
        """The band as PNG, once it is drawn."""
        if not self._png:
            output = self._process.communicate()[0] if self._process else b""
            has_failed = self._process is None or self._process.returncode != 0
            self._png = png.to_png(self._svg) if has_failed else output
        return self._png

    def stop(self) -> None:
        """End its process."""
        if self._process and not self._png:
            self._process.kill()
            self._process.communicate()
