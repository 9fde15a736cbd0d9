"""What an uploaded document must be: Markdown or plain text, in UTF-8, not too long."""

from pathlib import PurePath

from casewright_gateway.domain.errors import DocumentTooLargeError, InvalidFieldError, UnsupportedTypeError

MOST_BYTES = 1024 * 1024
MARKDOWN, PLAIN = "text/markdown", "text/plain"
_BY_ENDING = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, ".text": PLAIN}
_UNSURE = {"", "application/octet-stream"}


def media_type_of(content_type: str, name: str = "") -> str:
    """The kind of document.

    Args:
        content_type: As the client says; where it isn't sure, the ending of `name` tells.
        name: The file's name; may be empty.

    Raises:
        UnsupportedTypeError: It is neither Markdown nor plain text, or not in UTF-8.
    """
    kind, *parameters = (part.strip().lower() for part in content_type.split(";"))
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "charset" and value.strip(" \"'") not in {"utf-8", "utf8", "us-ascii"}:
            raise UnsupportedTypeError("A document must be in UTF-8.")
    if kind in _UNSURE:
        kind = _BY_ENDING.get(PurePath(name).suffix.lower(), kind)
    if kind not in {MARKDOWN, PLAIN}:
        raise UnsupportedTypeError(f"A document is Markdown or plain text: {MARKDOWN} or {PLAIN}.")
    return kind


def text_of(content: bytes) -> str:
    """The text of a document, with plain line breaks and without a byte order mark.

    Raises:
        DocumentTooLargeError: It has more than 1 MiB.
        InvalidFieldError: It isn't UTF-8, holds control characters, or says nothing.
    """
    if len(content) > MOST_BYTES:
        raise DocumentTooLargeError(MOST_BYTES)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidFieldError("", f"The document isn't UTF-8: see byte {error.start + 1}.") from error
    if "\x00" in text:
        raise InvalidFieldError("", "The document holds NUL characters: it is no text.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise InvalidFieldError("", "The document is empty.")
    return text
