"""Rich text as it comes in: ADF by REST v3, wiki markup by REST v2, never longer than Jira allows."""

from typing import Any, Literal

from casewright_jira_simulator.domain.adf import TEXT_LIMIT, AdfError, check
from casewright_jira_simulator.domain.adf_to_wiki import adf_to_wiki
from casewright_jira_simulator.domain.model import Text

InputForm = Literal["adf", "wiki", "either"]
"""What an API takes: v3 ADF, v2 wiki markup, the admin API whichever it gets."""

TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 32,767 characters."
NOT_ADF = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


class RichTextError(ValueError):
    """The text is refused; the message is what Jira says about the field."""


def read_rich_text(value: Any, form: InputForm) -> Text:
    """Check a rich text value and return it as it is kept.

    Raises:
        RichTextError: Not of this API version's form, or longer than 32,767 characters as wiki markup.
    """
    if value is None:
        return None
    if form == "wiki" or (form == "either" and isinstance(value, str)):
        if not isinstance(value, str):
            raise RichTextError("Operation value must be a string")
        if len(value) > TEXT_LIMIT:
            raise RichTextError(TOO_LONG)
        return value or None
    try:
        check(value)
    except AdfError as error:
        raise RichTextError(f"{NOT_ADF}: {error}") from error
    document: dict[str, Any] = value
    if len(adf_to_wiki(document)) > TEXT_LIMIT:
        raise RichTextError(TOO_LONG)
    return document
