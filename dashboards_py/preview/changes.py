"""A changed panel, as a picture shows it."""

from dataclasses import dataclass

from dashboards_py.board import Panel


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A panel before and after (None: there was none, or is none any more), and what changed, a sentence each.

    Their settings are in today's form (`panel_data.old_panels`).
    """

    before: Panel | None
    after: Panel | None
    sentences: tuple[str, ...]

    @property
    def title(self) -> str:
        """The panel's title, the newer one if it changed."""
        panel = self.after or self.before
        return panel.title if panel else ""
