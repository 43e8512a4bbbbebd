"""One shape for findings, and the formats that it is printed in."""

import json

import pytest

from dashboards_py.findings import Finding, Location, Severity, github, gitlab, markdown, sarif, text
from dashboards_py.findings.json import listed

FINDING = Finding(
    rule="missing-target",
    severity=Severity.ERROR,
    what="hubble is not scraped",
    why="it has neither a target\nnor a series",
    fix="Set hubble.enabled=true, 100% sure",
    locations=(
        Location("hubble-dns", "Queries", "A"),
        Location("hubble-dns", "Queries", "B"),
        Location("theirs", "A | B", "A", file="boards/theirs.json"),
    ),
)
INFO = Finding("feature-off", Severity.INFO, "only when BGP is on")


def test_text_counts_panels_and_names_them() -> None:
    """A panel with two queries counts once; lines of the reason are indented alike."""
    assert list(text.lines([FINDING, INFO])) == [
        "2 panels: hubble is not scraped [missing-target]",
        "    why: it has neither a target",
        "         nor a series",
        "    fix: Set hubble.enabled=true, 100% sure",
        "    in:  hubble-dns / Queries; boards/theirs.json / A | B",
        "info: only when BGP is on [feature-off]",
    ]


@pytest.mark.fault("remarks and warnings of doctor look like errors in its text")
def test_text_tells_severities_apart() -> None:
    """A line that counts panels names its severity unless it is an error."""
    for severity, text_ in ((Severity.WARNING, "[a-rule, warning]"), (Severity.INFO, "[a-rule, info]")):
        finding = Finding("a-rule", severity, "what", locations=FINDING.locations)
        assert next(text.lines([finding])) == f"2 panels: what {text_}"


def test_json_has_every_location() -> None:
    """All three queries, the file only where there is one."""
    data = json.loads(json.dumps(listed([FINDING])))[0]
    assert (data["rule"], data["severity"], data["panels"]) == ("missing-target", "error", 2)
    assert data["locations"][0] == {"board": "hubble-dns", "panel": "Queries", "query": "A"}
    assert data["locations"][2]["file"] == "boards/theirs.json"


def test_markdown_escapes_what_would_be_markup() -> None:
    """A bar in a title does not end a table cell, and the panels are folded."""
    written = "\n".join(markdown.lines([FINDING]))
    assert "### 2 panels: hubble is not scraped" in written
    assert r"- boards/theirs.json / A \| B" in written
    assert "<details><summary>2 panels</summary>" in written
    one = Finding("a-rule", Severity.ERROR, "what", locations=FINDING.locations[:1])
    assert "<details><summary>1 panel</summary>" in "\n".join(markdown.lines([one]))


@pytest.mark.fault("two reasons or fixes of doctor are one sentence in Markdown")
def test_markdown_lists_lines() -> None:
    """A reason of two lines has an item for each; a fix of one is one."""
    written = list(markdown.lines([FINDING]))
    start = written.index("- **Why:**")
    assert written[start + 1 : start + 4] == [
        "  - it has neither a target",
        "  - nor a series",
        "- **Fix:** Set hubble.enabled=true, 100% sure",
    ]


def test_github_annotations_are_one_line_each() -> None:
    """Line breaks and percent signs are escaped, in the name of a file colons and commas as well."""
    lines = list(github.lines([FINDING, INFO]))
    assert lines[0].startswith(
        "::error title=missing-target,file=boards/theirs.json::2 panels: hubble is not scraped%0A"
    )
    assert "%0Afix: Set hubble.enabled=true, 100%25 sure" in lines[0]
    assert lines[1] == "::notice title=feature-off::info: only when BGP is on"
    (line,) = github.lines(
        [Finding("a-rule", Severity.ERROR, "what", locations=(Location("b", "P", file="a,b: 5%.json"),))]
    )
    assert line == "::error title=a-rule,file=a%2Cb%3A 5%25.json::1 panel: what"


@pytest.mark.parametrize(("severity", "level"), [("error", "error"), ("warning", "warning"), ("info", "note")])
def test_sarif_levels_and_locations(severity: str, level: str) -> None:
    """SARIF calls an info a note; each result names its rule by index, and files are artifacts."""
    finding = Finding("a-rule", Severity(severity), "what", locations=FINDING.locations)
    run = sarif.log([FINDING, finding], "tool", "1")["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["a-rule", "missing-target"]
    result = run["results"][1]
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("a-rule", 0, level)
    assert result["locations"][2]["physicalLocation"]["artifactLocation"]["uri"] == "boards/theirs.json"
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "hubble-dns / Queries"


@pytest.mark.fault("GitHub refuses the SARIF of doctor, because a finding is in no file")
@pytest.mark.parametrize(
    ("locations", "uris"),
    [
        pytest.param((), ["cluster"], id="about-the-server"),
        pytest.param((Location("hubble-dns", "Queries"),), ["hubble-dns"], id="our-board"),
        pytest.param(
            (Location("My board | 1"), Location("x", file="b/a b.json")),
            ["My%20board%20%7C%201", "b/a%20b.json"],
            id="names-of-files",
        ),
        pytest.param((Location(""),), ["cluster"], id="a-board-without-a-name"),
        pytest.param((Location("x", file="b\udcff.json"),), ["b%FF.json"], id="a-name-of-other-bytes"),
    ],
)
def test_sarif_names_a_file_for_each_result(locations: tuple[Location, ...], uris: list[str]) -> None:
    """Each location has a file and a line, and each result a location: rule GH1001 of microsoft/sarif-sdk."""
    (result,) = sarif.log([Finding("a-rule", Severity.ERROR, "what", locations=locations)], "tool", "1")["runs"][0][
        "results"
    ]
    physical = [location["physicalLocation"] for location in result["locations"]]
    assert [location["artifactLocation"]["uri"] for location in physical] == uris
    assert all(location["region"]["startLine"] == 1 for location in physical)


@pytest.mark.fault("a file whose name is not UTF-8 is a traceback in reports")
def test_names_of_other_bytes_have_a_fingerprint() -> None:
    """Names of files are bytes; in GitLab's report those of one finding tell files apart."""
    locations = (Location("x", file="b\udcff.json"), Location("x", file="b\udcfe.json"))
    first, second = gitlab.issues([Finding("a-rule", Severity.ERROR, "what", locations=locations)])
    assert first["fingerprint"] != second["fingerprint"]
