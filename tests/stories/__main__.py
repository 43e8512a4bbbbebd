"""Write docs/outages.md."""

from tests.stories._page import PAGE, page

PAGE.write_text(page(), encoding="utf-8")
