"""Stories: outages of the demonstration's scenes, click by click, and tests that the boards tell them."""
