"""Record Grafana's answers: `python -m tests.panel_data.record` writes each table of recorded/."""

from collections.abc import Callable, Mapping

from tests.panel_data.frame_questions import frame_questions, table_of_shown
from tests.panel_data.grafana_data import RECORDED, Question, ask_grafana, table_text
from tests.panel_data.interval_questions import table_of_intervals
from tests.panel_data.time_questions import table_of_times
from tests.panel_data.transform_questions import reduction_questions, transform_questions
from tests.panel_data.unit_questions import spelled_out, unit_questions


def _unit_questions() -> list[Question]:
    return unit_questions(ask_grafana([{"ask": "units"}])[0])


TABLES: Mapping[str, Callable[[], list[Question]]] = {
    "frames": frame_questions,
    "intervals": table_of_intervals,
    "reductions": reduction_questions,
    "shown": table_of_shown,
    "times": table_of_times,
    "transformations": transform_questions,
    "units": _unit_questions,
}


def main() -> None:
    """Ask, and write."""
    RECORDED.mkdir(exist_ok=True)
    for name, questions in TABLES.items():
        table = questions()
        text = table_text(list(zip(table, ask_grafana([*map(spelled_out, table)]), strict=True)))
        (RECORDED / f"{name}.jsonl").write_text(text, encoding="utf-8")
        print(f"{name}: {len(table)} questions, {len(text)} bytes")


if __name__ == "__main__":
    main()
