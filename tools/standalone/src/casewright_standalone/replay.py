"""Sends the issues of a CSV file through the whole stack: into the simulator, whose webhooks do the rest."""

import asyncio
import json
import re
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import uuid4

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from casewright_common.settings import KafkaSecurity
from casewright_standalone import dead_letters
from casewright_standalone.clients import Gateway, Simulator, clients
from casewright_standalone.engines.errors import CommandError
from casewright_standalone.issue_rows import IssueRow, read_rows
from casewright_standalone.readiness import wait_ready
from casewright_standalone.report import Report, build_report, hold_against_ledger
from casewright_standalone.results import Result, Results
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.services import MEMBERS, log_to_file
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import joined_or_started
from casewright_standalone.terminal import console, tell
from casewright_standalone.workspace import Workspace, ensure_workspace

ROW_PROPERTY = "casewright-replay"
_CHUNK = 50
_MOST_PENDING = 200
_POLL_S = 0.5
_PATIENCE_S = 90
_SETTLE_S = 20
_SETTLED = {"synced", "needs_detail", "failed", "removed"}


async def replay(
    settings: StandaloneSettings,
    file: Path,
    *,
    limit: int | None,
    rate: float | None,
    report_path: Path | None,
) -> int:
    """Create the issues, wait for what comes back, tell and write the report.

    Args:
        settings: Of the command.
        file: CSV file of issues.
        limit: Most rows.
        rate: Issues per second; as fast as the stack takes them if None.
        report_path: Where the report goes as JSON, besides the terminal.

    Returns:
        Exit status: 0 only if nothing was lost, duplicated or parked by a bug of ours.

    Raises:
        CommandError: If the file can't be read or the stack can't run.
    """
    rows = read_rows(file, limit=limit)
    log_to_file(RunFolder(settings.run_dir), settings.telemetry)
    async with joined_or_started(settings, MEMBERS, tell) as wiring:
        await wait_ready(MEMBERS, wiring)
        async with clients(wiring) as (gateway, simulator):
            workspace = await ensure_workspace(
                wiring,
                gateway,
                simulator,
                project_key=project_key(file),
                project_name=f"Replay of {file.name}",
                security=settings.kafka,
            )
            parked_before = await _parked(wiring.addresses.kafka, settings.kafka)
            run = _Run(uuid4().hex, rows, gateway, simulator, workspace)
            with _progress() as progress:
                await run.send(progress, rate)
                await run.wait(progress)
            parked = await _parked(wiring.addresses.kafka, settings.kafka)
            report = await run.report([code for id_, code in parked.items() if id_ not in parked_before])
    console.print(report_table(report))
    run.tell_what_is_wrong()
    if report_path is not None:
        write_report(report, report_path)
    return 1 if report.lost or report.duplicated or report.parked_reasons.get("internal") else 0


def project_key(file: Path) -> str:
    """A project key for the file: its name in capitals, as far as Jira allows."""
    name = re.sub(r"[^A-Z0-9]", "", file.stem.upper())[:10].lstrip("0123456789")
    return name if len(name) > 1 else "REPLAY"


def write_report(report: Report, path: Path) -> None:
    """Write the report as a JSON object.

    Raises:
        CommandError: If the file can't be written.
    """
    try:
        path.write_text(json.dumps(asdict(report), indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise CommandError(f"The report can't be written to {path}: {error.strerror}.") from error


def report_table(report: Report) -> Table:
    """The report for a person."""
    table = Table(title="Replay", title_justify="left", show_header=False)
    for name, value in asdict(report).items():
        table.add_row(name.replace("_", " "), "" if value is None else str(value))
    return table


class _Run:
    """One replay."""

    def __init__(
        self,
        run_id: str,
        rows: Sequence[IssueRow],
        gateway: Gateway,
        simulator: Simulator,
        workspace: Workspace,
    ) -> None:
        self._id = run_id
        self._rows = rows
        self._gateway = gateway
        self._simulator = simulator
        self._workspace = workspace
        self._results = Results(simulator)
        self._refused: list[tuple[IssueRow, Any]] = []

    async def send(self, progress: Progress, rate: float | None) -> None:
        """Create an issue for each row, no faster than `rate` and than the webhooks get away."""
        line = progress.add_task("into Jira", total=len(self._rows))
        began = time.monotonic()
        # At a given rate the chunks are a fifth of a second's worth, so that it is even.
        size = _CHUNK if rate is None else max(1, min(_CHUNK, int(rate / 5)))
        for start in range(0, len(self._rows), size):
            if rate is not None:
                await asyncio.sleep(max(0.0, began + start / rate - time.monotonic()))
            while await self._simulator.pending_deliveries() > _MOST_PENDING:  # noqa: ASYNC110 - polls HTTP
                await asyncio.sleep(0.05)
            chunk = self._rows[start : start + size]
            _, refused = await self._simulator.create_issues([self._issue(row) for row in chunk])
            self._refused += [(chunk[error["failedElementNumber"]], error) for error in refused]
            progress.update(line, advance=len(chunk) - len(refused))

    async def wait(self, progress: Progress) -> None:
        """Return when each issue has its comment, or nothing has come for long."""
        expected = len(self._rows) - len(self._refused)
        line = progress.add_task("cases in Jira", total=expected)
        done, moved = 0, time.monotonic()
        while done < expected and time.monotonic() - moved < _PATIENCE_S:
            await self._results.refresh()
            now = sum(one.comments > 0 for found in self._by_row().values() for one in found)
            if now != done:
                done, moved = now, time.monotonic()
                progress.update(line, completed=done)
            await asyncio.sleep(_POLL_S)

    async def report(self, parked_codes: Sequence[str]) -> Report:
        """What came of it, once the gateway has caught up."""
        await self._results.refresh()
        issues = self._issue_ids()
        deadline = time.monotonic() + _SETTLE_S
        while True:
            found = await self._gateway.all(
                f"{self._workspace.path}/stories", project_id=self._workspace.project_id
            )
            stories = [story for story in found if story["issue_id"] in issues]
            settled = sum(story["status"] in _SETTLED for story in stories)
            if settled == len(issues) or time.monotonic() > deadline:
                break
            await asyncio.sleep(_POLL_S)
        failed = {delivery["issue_id"] for delivery in await self._simulator.failed_deliveries()}
        pending = await self._simulator.pending_deliveries()
        return build_report(
            self._rows,
            self._by_row(),
            accepted=max(0, len(issues - failed) - pending),
            stories=stories,
            parked_codes=parked_codes,
        )

    def tell_what_is_wrong(self) -> None:
        """Name the rows that something went wrong with."""
        lost, duplicated = hold_against_ledger(self._rows, self._by_row())
        shortened = [row for row in self._rows if row.shortened]
        for words, found in (("Lost", lost), ("Duplicated", duplicated), ("Cut to Jira's limits", shortened)):
            if found:
                tell(f"{words}: {', '.join(row.key for row in found[:20])}{' …' if len(found) > 20 else ''}")  # noqa: PLR2004 - as many as are shown
        for row, error in self._refused[:20]:
            tell(f"The simulator refused {row.key}: {error.get('elementErrors')}")

    def _issue(self, row: IssueRow) -> dict[str, Any]:
        return {
            "project": self._workspace.project_key,
            "issue_type": "Story",
            "summary": row.summary,
            "description": row.description or None,
            "properties": {ROW_PROPERTY: {"run": self._id, "row": row.number, "key": row.key}},
        }

    def _issue_ids(self) -> set[str]:
        return set(self._rows_of_issues())

    def _rows_of_issues(self) -> dict[str, int]:
        """Number of the row by the id of the issue, as the ledger has it."""
        marked: Mapping[str, Any] = self._results.marked(ROW_PROPERTY)
        return {issue_id: value["row"] for issue_id, value in marked.items() if value["run"] == self._id}

    def _by_row(self) -> dict[int, list[Result]]:
        results: dict[int, list[Result]] = defaultdict(list)
        for issue_id, number in self._rows_of_issues().items():
            results[number].append(self._results.of(issue_id))
        return results


async def _parked(bootstrap_servers: str, security: KafkaSecurity) -> dict[str, str]:
    """Error code of each parked message, by its id."""
    messages = await dead_letters.parked(bootstrap_servers, dead_letters.dead_letter_topics([]), security)
    return {
        message.id: "unreadable" if message.letter is None else message.letter.error_code
        for message in messages
    }


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
