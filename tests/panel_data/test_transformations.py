"""Transformations, reductions and matchers give what Grafana's own code gives for the same frames."""

import re
from typing import Any

import pytest

from dashboards_py.panel_data.frame import Field, FieldType, Frame
from dashboards_py.panel_data.gaps import with_gaps
from dashboards_py.panel_data.matchers import field_matcher
from dashboards_py.panel_data.names import Names
from dashboards_py.panel_data.reduce import NAMES, REDUCTIONS, Reduced, reducer_name, reduction
from dashboards_py.panel_data.transformations import TRANSFORMATIONS, transformed
from tests.components import require
from tests.panel_data.grafana_data import Question, ask_grafana, read_table
from tests.panel_data.grafana_json import encoded, frames_of
from tests.panel_data.test_application_transformations import APPLICATION
from tests.panel_data.transform_questions import reduction_questions, transform_questions

REDUCED = read_table("reductions")
TRANSFORMED = read_table("transformations")


def in_answers(value: Reduced) -> Any:
    """A value as an answer has it."""
    if isinstance(value, tuple):
        return [in_answers(item) for item in value]
    return value if value is None or isinstance(value, str | bool) else encoded(value)


def in_answer(frames: tuple[Frame, ...]) -> Any:
    """Frames as an answer has them."""
    names = Names(frames)
    return [
        {
            "refId": frame.ref,
            "name": frame.name,
            "fields": [
                {
                    "name": field.name,
                    "shown": names.of(field, frame),
                    "type": field.type.value,
                    "labels": dict(field.labels),
                    "values": [in_answers(value) for value in field.values],
                }
                for field in frame.fields
            ],
        }
        for frame in frames
    ]


def title(question: Question) -> str:
    """A question in a few words."""
    if question["ask"] != "transform":
        return str(question["ask"])
    return " ".join(f"{item['id']} {str(item.get('options'))[:60]}" for item in question["transformations"])


def of_ask(table: list[tuple[Question, Any]], ask: str) -> list[Any]:
    """The rows of a table that are of one kind of question."""
    return [pytest.param(*pair, id=title(pair[0])) for pair in table if pair[0]["ask"] == ask]


@pytest.mark.fault("tables, series and calculations of a picture differ from what Grafana makes of the same answers")
@pytest.mark.parametrize(("question", "answer"), of_ask(TRANSFORMED, "transform"))
def test_frames_are_transformed_as_by_grafana(question: Question, answer: Any) -> None:
    """Names, types, labels and values of each field; what Grafana refuses is left out, with a sentence."""
    frames = frames_of(question)
    result, problems = transformed(frames, question, {})
    if answer == "refused":
        assert (result, len(problems)) == (frames, 1)
    else:
        assert (in_answer(result), problems) == (answer, ())


@pytest.mark.fault("tables, series and calculations of a picture differ from what Grafana makes of the same answers")
@pytest.mark.parametrize(("question", "answer"), of_ask(REDUCED, "reduce"))
def test_values_are_reduced_as_by_grafana(question: Question, answer: Any) -> None:
    """By each of Grafana's ids, and the ids of older boards."""
    (frame,) = frames_of({"frames": [{"fields": [question["field"]]}]})
    reduced = {name: in_answers(reduction(frame.fields[0], name)) for name in question["reducers"]}
    assert reduced == dict(zip(question["reducers"], answer, strict=True))


def test_each_reduction_of_grafana_is_known() -> None:
    """Ids and names, percentiles too; an unknown id gives null."""
    names = dict(REDUCED[0][1])
    assert {name: reducer_name(name) for name in names} == names
    assert set(REDUCTIONS) == set(NAMES) == {name for name in names if not re.fullmatch(r"p\d+", name)}
    assert reduction(Field(name="x", type=FieldType.NUMBER, values=(1.0,)), "none") is None


@pytest.mark.fault("tables, series and calculations of a picture differ from what Grafana makes of the same answers")
@pytest.mark.parametrize(("question", "answer"), of_ask(TRANSFORMED, "match"))
def test_matchers_are_for_the_fields_that_grafana_s_are_for(question: Question, answer: Any) -> None:
    """By name, regular expression, type, query and value, and several of them at once."""
    frames = frames_of(question)
    names = Names(frames)
    for config, of_grafana in zip(question["matchers"], answer, strict=True):
        matches = field_matcher(config["id"], config.get("options")) or (lambda *_: False)
        matched = [[matches(field, frame, names) for field in frame.fields] for frame in frames]
        assert matched == of_grafana, config


@pytest.mark.fault("tables, series and calculations of a picture differ from what Grafana makes of the same answers")
@pytest.mark.parametrize(("question", "answer"), of_ask(TRANSFORMED, "gaps"))
def test_missing_values_are_null(question: Question, answer: Any) -> None:
    """At each step of the query, or of the panel's option, between the values and at both ends of the range."""
    frames = tuple(with_gaps(frame, question["from"], question["to"]) for frame in frames_of(question))
    assert in_answer(frames) == answer


def test_each_transformation_of_the_package_is_in_the_table() -> None:
    """No file without a case: what is not in @grafana/data is in test_application_transformations.py."""
    names = {item["id"] for question, _ in TRANSFORMED for item in question.get("transformations", ())}
    in_snake_case = {re.sub("([A-Z])", lambda match: f"_{match[0].lower()}", name) for name in names}
    assert set(TRANSFORMATIONS.names()) - in_snake_case == set(APPLICATION)


def test_the_tables_are_what_grafana_answers() -> None:
    """Grafana's own code gives the recorded answers: nobody has written one by hand."""
    require("node")
    for table, questions in ((REDUCED, reduction_questions()), (TRANSFORMED, transform_questions())):
        assert [question for question, _ in table] == questions
        assert ask_grafana(questions) == [answer for _, answer in table]
