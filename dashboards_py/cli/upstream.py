"""`upstream`: the boards of grafana.com that ours replace, panel by panel, and fetching them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dashboards_py.cli._group import CommandGroup
from dashboards_py.cli._modes import allow_only
from dashboards_py.cli._options import release_option
from dashboards_py.cli._our_boards import our_boards
from dashboards_py.cli._our_readings import our_panel_facts
from dashboards_py.cli._upstream import FETCHED, boards_option
from dashboards_py.release import Release

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards_py.upstream.answers import Answer, PanelFacts
    from dashboards_py.upstream.available import Original


@click.group(cls=CommandGroup, invoke_without_command=True)
@boards_option
@click.option("--panels", "board_id", type=int, metavar="ID", help="Show where each panel of this board is answered.")
@release_option("Cilium release of our boards")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def command(
    ctx: click.Context, directories: Sequence[Path], board_id: int | None, release: Release, as_json: bool
) -> None:
    """Compare the Cilium boards of grafana.com with ours.

    Prints ID, title, the uid of ours that replaces it, and how many of its panels ours answer, that is, show the same
    metrics or a substitute; --panels ID lists them panel by panel. Upstream's boards are read from --boards (a
    directory of JSON files, such as the Cilium chart's) and from the directory of `upstream fetch`.
    """
    if ctx.invoked_subcommand:
        allow_only((), f"before {ctx.invoked_subcommand}")
        return
    import json

    compared = _compared(directories, release)
    if board_id is not None:
        _print_panels(board_id, compared, as_json)
        return
    rows = [_row(listed_id, *entry) for listed_id, entry in compared.items()]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    width = max(len(str(row["title"])) for row in rows)
    click.echo(f"{'ID':>5}  {'TITLE':<{width}}  {'OURS':<15}  PANELS ANSWERED")
    for row in rows:
        click.echo(f"{row['id']:>5}  {row['title']:<{width}}  {row['replaced_by']:<15}  {_answered_text(row)}")
        for title, why in row.get("not_answered", {}).items():  # type: ignore[attr-defined]
            click.echo(f"       not answered: {title}: {why}")


Compared = dict[int, tuple[str, str, "tuple[Answer, ...] | None"]]


def _compared(directories: Sequence[Path], release: Release) -> Compared:
    """By ID: title, our uid, and the answers, None if the board is not available."""
    from dashboards_py.catalog.upstream import published
    from dashboards_py.configuration import DEFAULTS
    from dashboards_py.upstream.available import originals

    boards = our_boards(release, DEFAULTS)
    replaced = {replaced_id: board.uid for board in boards for replaced_id in board.replaces}
    available = originals(directories)
    answered = _answers(available, our_panel_facts(release, DEFAULTS), replaced) if available else {}
    return {board.id: (board.title, replaced[board.id], answered.get(board.id)) for board in published()}


def _answers(
    available: "Mapping[int, Original]", candidates: "Sequence[PanelFacts]", replaced: "Mapping[int, str]"
) -> "dict[int, tuple[Answer, ...]]":
    from dashboards_py.upstream.answers import answers

    return {number: answers(original, candidates, replaced[number]) for number, original in available.items()}


def _row(board_id: int, title: str, uid: str, answers: "tuple[Answer, ...] | None") -> dict[str, object]:
    if answers is None:
        return {"id": board_id, "title": title, "replaced_by": uid, "panels": None}
    count_by_uid: dict[str, int] = {}
    for answer in answers:
        if answer.panels:
            uid_of_best = answer.panels[0].uid
            count_by_uid[uid_of_best] = count_by_uid.get(uid_of_best, 0) + 1
    return {
        "id": board_id,
        "title": title,
        "replaced_by": uid,
        "panels": len(answers),
        "answered": sum(bool(answer.panels) for answer in answers),
        "answered_on": count_by_uid,
        "not_answered": {answer.panel.title: answer.reason for answer in answers if not answer.panels},
    }


def _answered_text(row: dict[str, object]) -> str:
    if row["panels"] is None:
        return f"not available: cilium-dashboards upstream fetch {row['id']}"
    count_by_uid: dict[str, int] = row["answered_on"]  # type: ignore[assignment]
    return f"{row['answered']} of {row['panels']}: " + ", ".join(
        f"{uid} {count}" for uid, count in count_by_uid.items()
    )


def _print_panels(board_id: int, compared: Compared, as_json: bool) -> None:
    import json

    from dashboards_py.errors import DashboardsError

    if board_id not in compared:
        known = ", ".join(map(str, compared))
        raise DashboardsError(f"board {board_id}", cause="is not one that ours replace", fix=f"known: {known}")
    title, _, answers = compared[board_id]
    if answers is None:
        fix = f"cilium-dashboards upstream fetch {board_id}, or name its directory with --boards"
        raise DashboardsError(f"board {board_id} ({title})", cause="is not available", fix=fix)
    rows = [
        {
            "panel": answer.panel.title,
            "answered": [f"{panel.uid} / {panel.panel}" for panel in answer.panels],
            "why": answer.reason,
        }
        for answer in answers
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(row["panel"])
        for panel in row["answered"]:
            click.echo(f"    {panel}")
        if not row["answered"]:
            click.echo("    not answered")
        if row["why"]:
            click.echo(f"    ({row['why']})")


@command.command()
@click.argument("board_ids", metavar="[ID]...", type=int, nargs=-1)
@click.option("--out", type=click.Path(path_type=Path), default=FETCHED, show_default=True, help="Directory to write.")
@click.option(
    "--address",
    envvar="GRAFANA_COM",
    default="https://grafana.com",
    show_default=True,
    help="Address of grafana.com or a mirror.",
)
def fetch(board_ids: tuple[int, ...], out: Path, address: str) -> None:
    """Fetch the boards of grafana.com by ID.

    All of them unless some are named. The pinned revision is fetched; if none is pinned, the newest one, which is then
    pinned in dashboards_py/catalog/upstream.json: commit that change. Their data source becomes `$datasource`.
    """
    from dataclasses import replace

    from dashboards_py.catalog.upstream import FILE, dump, published
    from dashboards_py.errors import DashboardsError
    from dashboards_py.tree import replace_all
    from dashboards_py.upstream.fetch import fetch as fetch_board
    from dashboards_py.upstream.standalone import standalone_json

    known = {board.id: board for board in published()}
    for board_id in board_ids or known:
        if board_id not in known:
            listed = ", ".join(map(str, known))
            raise DashboardsError(f"board {board_id}", cause="is not one that ours replace", fix=f"known: {listed}")
        board = known[board_id]
        revision, content = fetch_board(board, address)
        replace_all({out / f"{board_id}.json": standalone_json(content, f"board {board_id}").encode()})
        note = "" if board.revision else ", now pinned"
        if not board.revision:
            known[board_id] = replace(board, revision=revision)
            replace_all({FILE: dump(tuple(known.values())).encode()})
        click.echo(f"{board_id}  {board.title}: revision {revision}{note}")
