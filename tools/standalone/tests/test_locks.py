import subprocess
import sys
import threading
from pathlib import Path

import pytest

from casewright_standalone.engines.locks import take


def test_a_file_that_somebody_has_is_refused_at_once_or_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    had = threading.Event()
    with path.open("w") as mine, path.open("w") as yours:
        take(mine)
        with pytest.raises(BlockingIOError):
            take(yours, wait=False)

        def wait() -> None:
            take(yours)
            had.set()

        waiting = threading.Thread(target=wait)
        waiting.start()
        assert not had.wait(0.05)
        mine.close()
        assert had.wait(5)
        waiting.join()


def test_whoever_ends_gives_back_what_it_had(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    script = f"from casewright_standalone.engines.locks import take; take(open({str(path)!r}, 'w'))"
    subprocess.run([sys.executable, "-c", script], check=True)
    with path.open("w") as file:
        take(file, wait=False)
