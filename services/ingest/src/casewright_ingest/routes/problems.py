"""Why a webhook is refused: problem documents of RFC 9457."""

import json
from dataclasses import dataclass

from starlette.responses import Response


@dataclass
class Problem(Exception):  # noqa: N818  # what the answer is called
    """A refusal.

    Attributes:
        code: Stable identifier: the `reason` of the metrics and the end of the problem's type.
        retry_after_s: Seconds that the sender is asked to wait; `None` where trying again is no use.
    """

    status: int
    code: str
    title: str
    detail: str
    retry_after_s: int | None = None

    def response(self) -> Response:
        """The answer."""
        body = {
            "type": f"urn:casewright:problem:{self.code.replace('_', '-')}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        headers = {} if self.retry_after_s is None else {"Retry-After": str(self.retry_after_s)}
        return Response(
            json.dumps(body), status_code=self.status, headers=headers, media_type="application/problem+json"
        )
