"""The main job, shown on sample stories: from a story in Jira to its test cases in Jira."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn
from rich.table import Table

from casewright_standalone.clients import Gateway, Simulator, clients
from casewright_standalone.engines.locks import take
from casewright_standalone.readiness import wait_ready, watch
from casewright_standalone.results import Result, Results
from casewright_standalone.run_folder import RunFolder
from casewright_standalone.services import MEMBERS, SIMULATOR, Wiring, log_to_file
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import joined_or_started
from casewright_standalone.terminal import console, tell
from casewright_standalone.workspace import CRITERIA_FIELD, Workspace, ensure_workspace

PROJECT_KEY = "SHOP"
SAMPLE_PROPERTY = "casewright-sample"
_POLL_S = 0.25
_PATIENCE_S = 120
_SETTLED = {"synced", "needs_detail", "failed"}
_WORDS = {
    "pending": "is being read",
    "cases": "has cases, on their way to Jira",
    "synced": "has its cases in Jira",
    "needs_detail": "needs detail: its questions are in Jira",
    "failed": "failed",
}


@dataclass(frozen=True)
class Sample:
    """A story of the demo.

    Attributes:
        name: Stays the same over starts: how the story is found again.
        description: Wiki markup.
        criteria: Wiki markup of the field for acceptance criteria; None where the description has them.
        expects: `cases` or `needs_detail`.
    """

    name: str
    summary: str
    description: str
    expects: str
    criteria: str | None = None

    def issue(self) -> dict[str, Any]:
        """As the simulator takes it."""
        return {
            "project": PROJECT_KEY,
            "issue_type": "Story",
            "summary": self.summary,
            "description": self.description,
            "custom": {CRITERIA_FIELD: self.criteria} if self.criteria else {},
            "properties": {SAMPLE_PROPERTY: self.name},
        }


@dataclass(frozen=True)
class Finished:
    """A sample, what stands in Jira, and what the gateway knows of it; no story where it knows nothing."""

    sample: Sample
    result: Result
    story: Mapping[str, Any] | None
    cases: Sequence[Mapping[str, Any]]

    @property
    def as_expected(self) -> bool:
        """Whether Jira shows what the sample is for."""
        status = self.story["status"] if self.story is not None else None
        if self.result.comments != 1:
            return False
        if self.sample.expects == "needs_detail":
            return status == "needs_detail"
        return status == "synced" and len(self.cases) > 0


def samples() -> list[Sample]:
    """The stories, in the order in which they are made."""
    text = files("casewright_standalone").joinpath("sample_stories.json").read_text(encoding="utf-8")
    return [Sample(**entry) for entry in json.loads(text)]


async def demo(settings: StandaloneSettings, *, exit_at_end: bool) -> int:
    """Start what doesn't run, make the stories that aren't there, wait for their cases and show them.

    Returns:
        Exit status: 0 only if every story got what it should.

    Raises:
        CommandError: If something can't run.
    """
    log_to_file(RunFolder(settings.run_dir), settings.telemetry)
    async with joined_or_started(settings, MEMBERS, tell) as wiring:
        await wait_ready(MEMBERS, wiring)
        async with clients(wiring) as (gateway, simulator):
            results = Results(simulator)
            async with _alone(wiring.folder):
                workspace = await ensure_workspace(
                    wiring,
                    gateway,
                    simulator,
                    project_key=PROJECT_KEY,
                    project_name="Web shop",
                    security=settings.kafka,
                )
                issues = await _ensure_issues(simulator, results)
            await wait_for_cases(gateway, workspace, results, issues)
            finished = await _finished(gateway, workspace, results, issues)
        console.print(stories_table(finished))
        status = 0 if all(story.as_expected for story in finished) else 1
        if status:
            missing = ", ".join(one.result.issue_key for one in finished if not one.as_expected)
            tell(f"Without what they should have: {missing}. The logs are in {wiring.folder.logs}.")
        if not exit_at_end:
            console.print(_addresses(wiring))
            await watch(MEMBERS, wiring, tell)
        return status


@asynccontextmanager
async def _alone(folder: RunFolder) -> AsyncIterator[None]:
    """Wait for whoever else makes what isn't there yet: two at once would make it twice."""
    with (folder.path / "demo.lock").open("w") as file:
        await asyncio.to_thread(take, file)
        yield  # closing the file lets go


async def _ensure_issues(simulator: Simulator, results: Results) -> dict[str, Sample]:
    """Each sample by the id of its issue; what is not there yet is created."""
    await results.refresh()
    there = {str(name): issue_id for issue_id, name in results.marked(SAMPLE_PROPERTY).items()}
    missing = [sample for sample in samples() if sample.name not in there]
    if missing:
        tell(f"Writing {len(missing)} stories into Jira.")
        created, refused = await simulator.create_issues([sample.issue() for sample in missing])
        if refused:
            tell(f"The simulator refused {len(refused)} stories: {refused}")
        there |= {missing[issue["number"]].name: issue["id"] for issue in created}
        await results.refresh()
    return {there[sample.name]: sample for sample in samples() if sample.name in there}


async def wait_for_cases(
    gateway: Gateway, workspace: Workspace, results: Results, issues: Mapping[str, Sample]
) -> None:
    """Show how far each story is, until all are done or nothing has moved for long."""
    columns = (SpinnerColumn(finished_text="✓"), TextColumn("{task.description}"))
    # Where nothing can be redrawn, a line is told as each story is done, and no second time at the end.
    live = console.is_interactive
    with Progress(*columns, console=console, disable=not live) as progress:
        lines: dict[str, TaskID] = {}
        shown: dict[str, str] = {}
        for issue_id, sample in issues.items():
            lines[issue_id] = progress.add_task(f"{sample.summary}: on its way", total=1)
        moved = time.monotonic()
        while time.monotonic() - moved < _PATIENCE_S:
            await results.refresh()
            stories = await _stories(gateway, workspace)
            for issue_id, sample in issues.items():
                result = results.of(issue_id)
                status = stories[issue_id]["status"] if issue_id in stories else ""
                done = status in _SETTLED and (result.comments > 0 or status == "failed")
                words = f"{result.issue_key} {sample.summary}: {_WORDS.get(status, 'on its way')}"
                if shown.get(issue_id) != words:
                    shown[issue_id] = words
                    moved = time.monotonic()
                    progress.update(lines[issue_id], description=words)
                if done and not progress.tasks[lines[issue_id]].finished:
                    progress.update(lines[issue_id], completed=1)
                    if not live:
                        tell(words)
            if progress.finished:
                return
            await asyncio.sleep(_POLL_S)


async def _stories(gateway: Gateway, workspace: Workspace) -> dict[str, Mapping[str, Any]]:
    """The project's stories as the gateway knows them, by the id of their issue."""
    found = await gateway.all(f"{workspace.path}/stories", project_id=workspace.project_id)
    return {story["issue_id"]: story for story in found}


async def _finished(
    gateway: Gateway, workspace: Workspace, results: Results, issues: Mapping[str, Sample]
) -> list[Finished]:
    stories = await _stories(gateway, workspace)
    finished = []
    for issue_id, sample in issues.items():
        story = stories.get(issue_id)
        cases: list[dict[str, Any]] = []
        if story is not None:
            story = await gateway.get(f"{workspace.path}/stories/{story['id']}")
            cases = await gateway.all(f"{workspace.path}/cases", story_id=story["id"])
        finished.append(Finished(sample, results.of(issue_id), story, cases))
    return finished


def stories_table(finished: Sequence[Finished]) -> Table:
    """One line per story."""
    table = Table(title="Stories and their test cases", title_justify="left", show_lines=True)
    table.add_column("story", ratio=3)
    table.add_column("criteria", justify="right")
    table.add_column("cases by technique", ratio=3)
    table.add_column("where they went", ratio=2)
    table.add_column("seconds", justify="right")
    for one in finished:
        seconds = one.result.seconds
        table.add_row(
            f"{one.result.issue_key} {one.sample.summary}",
            str(len(one.story["criteria"])) if one.story is not None else "",
            _cases(one),
            _places(one),
            "" if seconds is None else f"{seconds:.1f}",
        )
    return table


def _cases(one: Finished) -> str:
    if one.story is not None and one.story["status"] == "needs_detail":
        questions = len(one.story["questions"])
        return f"needs detail: {questions} question{'' if questions == 1 else 's'}"
    counted = Counter(case["technique"].replace("_", " ") for case in one.cases)
    parts = ", ".join(f"{number} {technique}" for technique, number in counted.most_common())
    return f"{len(one.cases)}: {parts}" if parts else "none"


def _places(one: Finished) -> str:
    targets = (
        Counter(target["kind"] for target in one.story["targets"]) if one.story is not None else Counter()
    )
    if not targets and one.result.comments:
        targets["comment"] = one.result.comments
    return (
        ", ".join(
            f"{number} {kind}{'s' if number > 1 else ''} on {one.result.issue_key}"
            for kind, number in targets.items()
        )
        or "nowhere"
    )


def _addresses(wiring: Wiring) -> Table:
    table = Table(title="To open", title_justify="left", show_header=False)
    table.add_row("Jira simulator: stories and their cases", f"{wiring.url(SIMULATOR)}/")
    table.add_row("REST API, documented", f"{wiring.url('gateway')}/docs")
    table.add_row("API token", f"{wiring.folder.path / 'secrets.json'} (api_token)")
    table.add_row("Logs", str(wiring.folder.logs))
    table.add_row("To stop", "Ctrl-C")
    return table
