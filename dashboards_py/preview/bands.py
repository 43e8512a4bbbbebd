"""A picture written band by band, from the top: whole panels, so that one is drawn while the next is asked for."""

from collections.abc import Callable, Iterable

from dashboards_py.preview.shapes import Box, Element, document, rect

LEAST = 1_000_000  # characters of a band: with fewer another process takes longer than it saves


class Bands:
    """The elements of a picture as SVG; `finished` is given each band of many elements, if there are several."""

    def __init__(self, width: float, background: str, finished: Callable[[str], None] | None = None) -> None:
        self._width, self._background, self._finished = width, background, finished
        self._texts: list[str] = []
        self._first, self._top = 0, 0.0  # of the texts and the height where the current band begins

    def add(self, elements: Iterable[Element]) -> None:
        """Add elements to the current band."""
        self._texts += map(str, elements)

    def cut(self, height: float) -> None:
        """End the band here, if it has enough for one: what was added is above, all that follows below."""
        if self._finished and sum(map(len, self._texts[self._first :])) >= LEAST:
            self._finished(self._document(self._texts[self._first :], self._top, height))
            self._first, self._top = len(self._texts), height

    def end(self, height: float) -> str:
        """The whole picture; if there are bands, the last one is finished."""
        if self._finished and self._first:
            self._finished(self._document(self._texts[self._first :], self._top, height))
        return self._document(self._texts, 0, height)

    def _document(self, texts: Iterable[str], top: float, bottom: float) -> str:
        background = rect(Box(0, top, self._width, bottom - top), self._background)
        return document(self._width, bottom - top, (background, *texts), top=top)
