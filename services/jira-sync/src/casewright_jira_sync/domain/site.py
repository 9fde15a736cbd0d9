"""Where a person sees what was written."""


def comment_url(site: str, issue_key: str, comment_id: str) -> str:
    """Where a person sees the comment."""
    return f"{site}/browse/{issue_key}?focusedCommentId={comment_id}"


def issue_url(site: str, issue_key: str) -> str:
    """Where a person sees the issue."""
    return f"{site}/browse/{issue_key}"
