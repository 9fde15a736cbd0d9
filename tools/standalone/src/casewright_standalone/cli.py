"""The command `casewright`."""

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from casewright_common.settings import KafkaSecurity
from casewright_standalone import dead_letters, parked_lines, topics
from casewright_standalone.demo import demo
from casewright_standalone.doctor import Verdict, examine, findings_table
from casewright_standalone.engines.errors import CommandError, EngineError
from casewright_standalone.engines.owner import read_addresses
from casewright_standalone.environment import WrongSettingsError, read_settings
from casewright_standalone.readiness import wait_ready, watch
from casewright_standalone.replay import replay
from casewright_standalone.run_folder import SERVICES, RunFolder
from casewright_standalone.services import MEMBERS, SIMULATOR, Wiring, log_to_file
from casewright_standalone.settings import StandaloneSettings
from casewright_standalone.stack import engines, migrate_all, prepare_engines, stack
from casewright_standalone.terminal import console, fail, run, tell
from casewright_standalone.vault import rotate_master_key

app = typer.Typer(
    name="casewright",
    help="Turns Jira stories into test cases. Everything here runs on this machine, on embedded engines.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
topics_app = typer.Typer(help="Create, list and update the Kafka topics.", no_args_is_help=True)
dlq_app = typer.Typer(help="Look at parked messages, and send them back.", no_args_is_help=True)
vault_app = typer.Typer(help="Change the master key of the vault.", no_args_is_help=True)
app.add_typer(topics_app, name="topics")
app.add_typer(dlq_app, name="dlq")
app.add_typer(vault_app, name="vault")

RunDir = Annotated[
    Path | None,
    typer.Option(
        "--run-dir", help="Folder of data, secrets and logs (default: .casewright).", show_default=False
    ),
]
BasePort = Annotated[
    int | None,
    typer.Option(
        "--base-port",
        min=0,
        max=65_000,
        help="Port of the gateway; the others follow it; 0 takes free ones (default: as before, or 8080).",
        show_default=False,
    ),
]
KafkaAt = Annotated[
    str | None,
    typer.Option("--kafka", help="Broker, host:port (default: that of the run folder).", show_default=False),
]


def _settings(run_dir: Path | None, base_port: int | None = None) -> StandaloneSettings:
    given: dict[str, object] = {"run_dir": run_dir, "base_port": base_port}
    try:
        return read_settings(**{name: value for name, value in given.items() if value is not None})
    except WrongSettingsError as error:
        fail(str(error), status=2)


@app.command()
def up(
    run_dir: RunDir = None,
    base_port: BasePort = None,
    simulator: Annotated[bool, typer.Option(help="Run the Jira simulator too.")] = True,  # noqa: FBT002 - typer makes an option of it
) -> None:
    """Start everything: engines, the five services, the Jira simulator. Ctrl-C stops it."""
    run(_up(_settings(run_dir, base_port), simulator=simulator))


async def _up(settings: StandaloneSettings, *, simulator: bool) -> int | None:
    members = MEMBERS if simulator else SERVICES
    log_to_file(RunFolder(settings.run_dir), settings.telemetry)
    async with stack(settings, members, tell) as wiring:
        await wait_ready(members, wiring)
        console.print(addresses_table(wiring, members))
        tell(f"API token: {wiring.folder.path / 'secrets.json'} (api_token). Ctrl-C stops everything.")
        await watch(members, wiring, tell)


@app.command()
def serve(
    services: Annotated[list[str], typer.Argument(help=f"Any of: {', '.join(MEMBERS)}.")],
    run_dir: RunDir = None,
    base_port: BasePort = None,
) -> None:
    """Run some of the services in this process, on the engines of the run folder (started if none run)."""
    for name in services:
        if name not in MEMBERS:
            fail(f"There is no service {name}; there are {', '.join(MEMBERS)}.")
    run(_serve(_settings(run_dir, base_port), services))


async def _serve(settings: StandaloneSettings, services: list[str]) -> int | None:
    log_to_file(RunFolder(settings.run_dir), settings.telemetry)
    async with stack(settings, services, tell, alone=False) as wiring:
        await wait_ready(services, wiring)
        console.print(addresses_table(wiring, services))
        await watch(services, wiring, tell)


def addresses_table(wiring: Wiring, members: tuple[str, ...] | list[str]) -> Table:
    """Where each member answers."""
    table = Table(title="Casewright is ready", title_justify="left")
    table.add_column("what")
    table.add_column("address")
    pages = {"gateway": "/docs", SIMULATOR: "/"}
    for member in members:
        table.add_row(member, f"{wiring.url(member)}{pages.get(member, '')}")
    table.add_row("Kafka", wiring.addresses.kafka)
    table.add_row("logs", str(wiring.folder.logs))
    return table


@app.command("demo")
def demo_command(
    run_dir: RunDir = None,
    base_port: BasePort = None,
    exit_at_end: Annotated[  # noqa: FBT002 - typer makes an option of it
        bool,
        typer.Option("--exit", help="End when all stories have their cases; status 0 only if they have."),
    ] = False,
) -> None:
    """Show the main job: sample stories go into the Jira simulator, their test cases come back."""
    run(demo(_settings(run_dir, base_port), exit_at_end=exit_at_end))


@app.command("replay")
def replay_command(
    file: Annotated[Path, typer.Argument(help="CSV file with the columns issuekey, title and description.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first so many issues.")] = None,
    rate: Annotated[
        float | None,
        typer.Option(
            min=0.01, help="Issues per second (default: as fast as they are taken).", show_default=False
        ),
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Where the report goes, as JSON.")] = None,
    run_dir: RunDir = None,
    base_port: BasePort = None,
) -> None:
    """Send the issues of a file through the whole stack, by way of the Jira simulator, and count.

    Starts the stack if none runs. Never a real site. Status 0 only if nothing was lost or done twice.
    """
    settings = _settings(run_dir, base_port)
    run(replay(settings, file, limit=limit, rate=rate, report_path=report))


@app.command("evaluate")
def evaluate_command(
    report: Annotated[
        Path | None, typer.Option(help="Folder for report.md, report.html and report.json.")
    ] = None,
    part: Annotated[
        str | None,
        typer.Option(
            help="Only this part of stories and planted faults: tuning or holdout (default: both).",
            show_default=False,
        ),
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this section (may be repeated): stories, fullteaching, issues, gate, retrieval, cost, "
            "model.",
            show_default=False,
        ),
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="Real issues that are looked at closely.")] = 200,
    model: Annotated[
        str | None,
        typer.Option(
            help="Measure this model too, beside the designer: provider/model, such as openai/gpt-4o-mini. "
            "Its key is read from CASEWRIGHT_EVALUATION_KEY. Costs money.",
            show_default=False,
        ),
    ] = None,
    api_base: Annotated[
        str | None,
        typer.Option(
            help="Address of the model's endpoint, which may want no key (default: the provider's own).",
            show_default=False,
        ),
    ] = None,
    stories: Annotated[int, typer.Option(min=1, help="Tuning stories that the model is asked about.")] = 5,
    write_docs: Annotated[
        Path | None, typer.Option(help="Page of the documentation to write; needs a whole run.")
    ] = None,
) -> None:
    """Measure how good the cases are. Needs no engines, and without --model no model and no network.

    Real issues and requirements are read from ../shared/data, or where CASEWRIGHT_ISSUES and
    CASEWRIGHT_REQUIREMENTS say. How a model is asked follows the generator's settings, such as
    CASEWRIGHT_MODEL__CALL_TIMEOUT_S and CASEWRIGHT_MODEL__KEYS.

    Status 1 if a figure is below its aim, 2 if something could not be measured.
    """
    # Imported here: it brings all of ingest and generator, which the other commands don't need.
    evaluation = import_module("casewright_standalone.evaluation")
    evaluation.evaluate(
        part=part,
        only=only or [],
        sample=sample,
        report=report,
        page=write_docs,
        model=model,
        api_base=api_base,
        stories=stories,
    )


@app.command()
def doctor(run_dir: RunDir = None, base_port: BasePort = None) -> None:
    """Show what is installed, what would be used and why. Status 1 if something is missing."""
    try:
        findings = examine(_settings(run_dir, base_port))
    except CommandError as error:
        fail(str(error))
    console.print(findings_table(findings))
    if any(finding.verdict is Verdict.BAD for finding in findings):
        raise typer.Exit(1)


@app.command()
def migrate(run_dir: RunDir = None) -> None:
    """Bring all PostgreSQL schemas to the newest revision.

    On the engines of the run folder, or on CASEWRIGHT_POSTGRES_ADMIN_URL with CASEWRIGHT_ROLE_PASSWORDS, a
    JSON object with the password of each service's role.
    """
    run(_migrate(_settings(run_dir)))


async def _migrate(settings: StandaloneSettings) -> int | None:
    if settings.postgres_admin_url is not None:
        passwords = {name: value.get_secret_value() for name, value in settings.role_passwords.items()}
        missing = sorted(set(SERVICES) - passwords.keys())
        if missing:
            raise EngineError(f"CASEWRIGHT_ROLE_PASSWORDS lacks the passwords of {', '.join(missing)}.")
        await migrate_all(settings.postgres_admin_url.get_secret_value(), passwords, tell)
        return None
    folder = RunFolder(settings.run_dir)
    async with engines(settings, folder, tell) as addresses:
        wiring = Wiring(addresses, folder.secrets(), folder.ports(settings.base_port), folder)
        await prepare_engines(settings, wiring, tell)
    return None


@vault_app.command("rotate")
def vault_rotate(run_dir: RunDir = None) -> None:
    """Wrap every secret's key by the first master key; the others may be dropped afterwards.

    On CASEWRIGHT_POSTGRES_ADMIN_URL with CASEWRIGHT_VAULT__MASTER_KEYS (`new:…,old:…`, as the services have
    it), or on the engines of the run folder with the master keys in its secrets.json. Services may run.
    """
    run(_vault_rotate(_settings(run_dir)))


async def _vault_rotate(settings: StandaloneSettings) -> int | None:
    tell(await rotate_master_key(settings, tell))
    return None


def _broker(settings: StandaloneSettings, kafka: str | None) -> str:
    """Address of the broker that an administrative command talks to.

    Raises:
        EngineError: If none is known.
    """
    address = kafka or settings.kafka.bootstrap_servers
    if address is None:
        running = read_addresses(settings.run_dir)
        address = running.kafka if running is not None else None
    if address is None:
        raise EngineError(
            f"No engines run on {settings.run_dir}; "
            "start them with `casewright up`, or name a broker with --kafka."
        )
    return address


@topics_app.command("create")
def topics_create(run_dir: RunDir = None, kafka: KafkaAt = None) -> None:
    """Create the topics that are missing, dead letters included."""
    run(_topics_create(_settings(run_dir), kafka))


async def _topics_create(settings: StandaloneSettings, kafka: str | None) -> int | None:
    made = await topics.create(
        _broker(settings, kafka),
        partitions=settings.kafka.partitions,
        replication_factor=settings.kafka.replication_factor,
        security=settings.kafka,
    )
    tell("\n".join(made) if made else "All topics exist.")
    return None


@topics_app.command("list")
def topics_list(run_dir: RunDir = None, kafka: KafkaAt = None) -> None:
    """Show each topic, who writes and reads it, and what differs from how it should be."""
    run(_topics_list(_settings(run_dir), kafka))


async def _topics_list(settings: StandaloneSettings, kafka: str | None) -> int | None:
    table = Table(Column("topic", no_wrap=True), "partitions", "kept", "from", "to", "differs")
    for state in await topics.states(_broker(settings, kafka), settings.kafka):
        spec = state.spec
        table.add_row(
            state.name,
            str(state.partitions) if state.partitions else "missing",
            "latest per key" if spec.compacted else f"{spec.retention_days} days",
            ", ".join(spec.producers),
            ", ".join(spec.consumers),
            "; ".join(state.wrong),
        )
    console.print(table)
    return None


@topics_app.command("update")
def topics_update(run_dir: RunDir = None, kafka: KafkaAt = None) -> None:
    """Create what is missing, correct settings that differ, add partitions."""
    run(_topics_update(_settings(run_dir), kafka))


async def _topics_update(settings: StandaloneSettings, kafka: str | None) -> int | None:
    lines = await topics.update(
        _broker(settings, kafka),
        partitions=settings.kafka.partitions,
        replication_factor=settings.kafka.replication_factor,
        security=settings.kafka,
    )
    tell("\n".join(lines) if lines else "All topics are as they should be.")
    return None


Topics = Annotated[list[str] | None, typer.Argument(help="Topics (default: all).", show_default=False)]


@dlq_app.command("list")
def dlq_list(names: Topics = None, run_dir: RunDir = None, kafka: KafkaAt = None) -> None:
    """Count parked messages by topic, group and error code; then list each, oldest first per topic."""
    run(_dlq_list(_settings(run_dir), kafka, names or []))


async def _dlq_list(settings: StandaloneSettings, kafka: str | None, names: list[str]) -> int | None:
    broker, security = _broker(settings, kafka), settings.kafka
    messages = await dead_letters.parked(broker, dead_letters.dead_letter_topics(names), security)
    if not messages:
        tell("No message is parked.")
        return None
    waiting = {message.id for message in await dead_letters.unreplayed(broker, messages, security)}
    for line in (*parked_lines.summary(messages, waiting), "", *parked_lines.lines(messages, waiting)):
        tell(line)
    return None


@dlq_app.command("show")
def dlq_show(
    name: Annotated[
        str,
        typer.Argument(help="Id as `dlq list` shows it (topic/partition/offset), or a topic: its oldest."),
    ],
    run_dir: RunDir = None,
    kafka: KafkaAt = None,
) -> None:
    """Show one parked message whole: why it was parked, its headers, its content."""
    run(_dlq_show(_settings(run_dir), kafka, name))


async def _dlq_show(settings: StandaloneSettings, kafka: str | None, name: str) -> int | None:
    broker, security = _broker(settings, kafka), settings.kafka
    message = await (
        dead_letters.find(broker, name, security) if "/" in name else _oldest(broker, name, security)
    )
    letter = message.letter
    if letter is None:
        raise EngineError(f"{message.id} is {parked_lines.FOREIGN}.")
    tell(f"id        {message.id}")
    tell(f"from      {letter.topic}/{letter.partition}/{letter.offset}")
    tell(f"group     {letter.group}, after {letter.attempts} attempts, at {letter.parked_at.isoformat()}")
    tell(f"error     {letter.error_code}: {letter.error}")
    if letter.frames:
        tell(letter.frames)
    for header, value in letter.headers:
        tell(f"header    {header}: {(value or b'').decode(errors='replace')}")
    tell(f"key       {(letter.key or b'').decode(errors='replace')}")
    tell((letter.value or b"").decode(errors="replace"))
    return None


async def _oldest(broker: str, topic: str, security: KafkaSecurity) -> dead_letters.Parked:
    """The topic's oldest message that waits, or the oldest of all where each was sent back."""
    messages = await dead_letters.parked(broker, dead_letters.dead_letter_topics([topic]), security)
    ours = [message for message in messages if message.letter is not None]
    chosen = await dead_letters.unreplayed(broker, ours, security) or ours
    if not chosen:
        raise EngineError(f"No message of {topic.removesuffix('.dlq')} is parked.")
    return parked_lines.oldest_first(chosen)[0]


@dlq_app.command("replay")
def dlq_replay(
    names: Annotated[
        list[str] | None,
        typer.Argument(help="Topics, or ids of single messages (default: all topics).", show_default=False),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Also what was sent back before.")] = False,  # noqa: FBT002 - typer makes an option of it
    run_dir: RunDir = None,
    kafka: KafkaAt = None,
) -> None:
    """Send parked messages back to the consumer group that parked them, and to no other."""
    run(_dlq_replay(_settings(run_dir), kafka, names or [], again=again))


async def _dlq_replay(
    settings: StandaloneSettings, kafka: str | None, names: list[str], *, again: bool
) -> int | None:
    broker, security = _broker(settings, kafka), settings.kafka
    single = [name for name in names if "/" in name]
    whole = [name for name in names if "/" not in name]
    if single:
        found = [await dead_letters.find(broker, name, security) for name in single]
        sent = await dead_letters.replay(broker, found, security)
        tell(_sent(sent))
        if not whole:
            return None
    messages = await dead_letters.parked(broker, dead_letters.dead_letter_topics(whole), security)
    chosen = messages if again else await dead_letters.unreplayed(broker, messages, security)
    sent = await dead_letters.replay(broker, chosen, security)
    await dead_letters.remember_replayed(broker, messages, security)
    tell(_sent(sent))
    return None


def _sent(number: int) -> str:
    if number == 0:
        return "No message waits to be sent back."
    return f"Sent back {number} message{'' if number == 1 else 's'}."


def main() -> None:
    """Entry point of the command."""
    app()
