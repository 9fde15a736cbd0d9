"""What can be wrong with a request, by type; `routes/errors.py` decides the HTTP status."""

from typing import ClassVar

from casewright_common.errors import CasewrightError


class NotFoundError(CasewrightError):
    """There is no such thing in this organisation.

    Args:
        kind: What was looked for, such as `connection`.
    """

    code: ClassVar[str] = "not_found"

    def __init__(self, kind: str) -> None:
        super().__init__(f"There is no such {kind}.")
        self.kind = kind


class AlreadyExistsError(CasewrightError):
    """A name that must be unique is taken."""

    code: ClassVar[str] = "already_exists"


class InUseError(CasewrightError):
    """Something else still needs what should go."""

    code: ClassVar[str] = "in_use"


class NotApplicableError(CasewrightError):
    """The thing exists, but its state doesn't allow this."""

    code: ClassVar[str] = "not_applicable"


class RevisionMismatchError(CasewrightError):
    """Somebody else changed it since it was read."""

    code: ClassVar[str] = "revision_mismatch"

    def __init__(self) -> None:
        super().__init__("It was changed in the meantime: read it again.")


class RevisionRequiredError(CasewrightError):
    """A change doesn't say which revision it is based on."""

    code: ClassVar[str] = "revision_required"

    def __init__(self) -> None:
        super().__init__("Send If-Match with the ETag of the revision that you read.")


class InvalidFieldError(CasewrightError):
    """One field of a request has a value that can't be used.

    Args:
        pointer: JSON pointer into the body, such as `/site_url`, or `?name` for a query parameter.
        detail: What is wrong with it, without the value.
    """

    code: ClassVar[str] = "invalid_request"

    def __init__(self, pointer: str, detail: str) -> None:
        super().__init__(detail)
        self.pointer = pointer


class CredentialsRefusedError(CasewrightError):
    """Jira doesn't accept the credentials."""

    code: ClassVar[str] = "jira_credentials_refused"


class KeyReusedError(CasewrightError):
    """An idempotency key came again with another request."""

    code: ClassVar[str] = "idempotency_key_reused"


class UnsupportedTypeError(CasewrightError):
    """The body is of a kind that isn't taken here."""

    code: ClassVar[str] = "unsupported_media_type"


class DocumentTooLargeError(CasewrightError):
    """A document has more bytes than are taken."""

    code: ClassVar[str] = "body_too_large"

    def __init__(self, limit: int) -> None:
        super().__init__(f"A document may have {limit} bytes.")
