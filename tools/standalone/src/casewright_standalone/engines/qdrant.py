"""Qdrant: the client's local mode in a process of its own, behind a REST front."""

import sys
import urllib.error
import urllib.request

from casewright_standalone.engines.engine import Engine
from casewright_standalone.engines.process import LOOPBACK, Child


class Qdrant(Engine):
    """One front over one folder of collections."""

    name = "Qdrant"

    @property
    def url(self) -> str:
        """Address for `AsyncQdrantClient(url=…)`."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def address(self) -> str:
        """The same as `url`, as every engine has it."""
        return self.url

    def spawn(self) -> Child:
        """Start the front."""
        module = "casewright_standalone.engines.qdrant_front"
        return Child(
            self.name,
            [sys.executable, "-m", module, "--folder", str(self.folder / "data"), "--port", str(self.port)],
            log_path=self.folder / "qdrant.log",
        )

    def answers(self) -> bool:
        """Whether its probe says ready."""
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:  # noqa: S310 - loopback
                return bool(answer.status == 200)  # noqa: PLR2004 - HTTP's own number
        except (OSError, urllib.error.URLError):
            return False
