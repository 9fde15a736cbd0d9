"""Forms that texts in requests must have, each with the sentence for people who get it wrong."""

from typing import Final

# No control characters (PostgreSQL takes no NUL), and something that can be seen.
LINE: Final = (
    r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    r"[^\x00-\x1f\x7f]*$"
)
EMAIL: Final = r"^[^\s@\x00-\x1f\x7f:]+@[^\s@\x00-\x1f\x7f]+$"
SITE: Final = r"^[^\x00-\x20\x7f]+$"
ENDPOINT: Final = r"^https?://[^\x00-\x20\x7f]+$"
CUSTOM_FIELD: Final = r"^customfield_[0-9]{1,10}$"
PROJECT_KEY: Final = r"^[A-Z][A-Z0-9_]+$"
ISSUE_KEY: Final = r"^[A-Z][A-Z0-9_]+-[1-9][0-9]*$"
SEARCH: Final = r"^[^\x00]+$"
# Lines may break; the rest as above.
TEXT: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
FILLED: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
CRITERION: Final = r"^AC-[1-9][0-9]*$"
PROMPT_VERSION: Final = r"^[a-z0-9][a-z0-9._-]*$"
PROVIDER: Final = r"^[a-z][a-z0-9_-]*$"
API_VERSION: Final = r"^[0-9A-Za-z][0-9A-Za-z.-]*$"
REGION: Final = r"^[a-z]{2}(-[a-z]+)+-[0-9]{1,2}$"
EVENT_ID: Final = r"^[0-9]{1,18}(-[0-9]{1,18})?$"
IDEMPOTENCY_KEY: Final = r"^[\x21-\x7e]+$"
USER_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._@:+-]*$"
CURSOR: Final = r"^[A-Za-z0-9_-]+$"

SENTENCES: Final = {
    LINE: "It must be one line of text, without control characters, and not blank.",
    EMAIL: "It must be an e-mail address such as bot@example.com.",
    SITE: "It must be an address without blanks or control characters.",
    ENDPOINT: "It must be an address that begins with http:// or https://, without blanks.",
    CUSTOM_FIELD: "It must be the id of a custom field, such as customfield_10100.",
    PROJECT_KEY: "It must be a Jira project's key: capital letters, digits and _, such as SHOP.",
    ISSUE_KEY: "It must be a Jira issue's key, such as SHOP-12.",
    SEARCH: "It must not hold a NUL character.",
    TEXT: "It must not hold control characters other than tabs and line breaks.",
    FILLED: "It must not be blank, nor hold control characters other than tabs and line breaks.",
    CRITERION: "It must be the id of a criterion, such as AC-1.",
    PROMPT_VERSION: "It must be small letters, digits and . _ -, and begin with a letter or digit.",
    PROVIDER: "It must be LiteLLM's name of a provider, such as openai or azure.",
    API_VERSION: "It must be a version such as 2025-04-01-preview.",
    REGION: "It must be a region such as eu-central-1.",
    EVENT_ID: "It must be the id of an event of this stream, such as 1700000000000-0.",
    IDEMPOTENCY_KEY: "It may only hold visible ASCII characters, no blanks.",
    USER_ID: "It must be letters, digits and . _ @ : + -, and begin with a letter or digit.",
    CURSOR: "It must be the `next_cursor` of an earlier page.",
}
