import os
from pathlib import Path

import asyncpg
import pytest

from casewright_standalone.engines.errors import EngineError
from casewright_standalone.engines.postgres import Postgres
from casewright_standalone.engines.process import Child

pytestmark = pytest.mark.connected


async def test_it_starts_again_on_the_same_data_after_a_kill_though_its_lock_names_a_living_process(
    engine_folder: Path,
) -> None:
    folder = engine_folder / "killed"
    server = Postgres(folder)
    server.start()
    connection = await asyncpg.connect(server.url)
    await connection.execute("CREATE TABLE kept (n int); INSERT INTO kept VALUES (7)")
    await connection.close()
    server.kill()
    lock = folder / "data" / "postmaster.pid"
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    server.start()

    connection = await asyncpg.connect(server.url)
    assert await connection.fetchval("SELECT n FROM kept") == 7
    await connection.close()
    server.stop()
    assert not lock.exists()


def test_a_server_that_still_runs_on_the_data_is_one_clear_sentence(tmp_path: Path) -> None:
    data = tmp_path / "postgres" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("18")
    other = Child("other", ["sh", "-c", "sleep 600; true", str(data)], log_path=tmp_path / "log")
    (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n")
    with pytest.raises(EngineError, match=rf"\(process {other.pid}\) still runs on {data}; stop it"):
        Postgres(tmp_path / "postgres").prepare()
    other.kill()


async def test_nobody_gets_in_without_the_password_which_only_the_owner_can_read(postgres: str) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(postgres.replace("postgres:", "postgres:not", 1).replace("not//", "//"))
