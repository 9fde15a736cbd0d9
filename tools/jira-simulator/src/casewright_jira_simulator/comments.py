"""Use cases on comments and their properties."""

from typing import Any

from casewright_jira_simulator.domain.model import Comment, Issue
from casewright_jira_simulator.errors import JiraError, issue_missing
from casewright_jira_simulator.issue_input import checked_key, checked_property, read_properties
from casewright_jira_simulator.limits import RateLimits
from casewright_jira_simulator.recorder import Recorder
from casewright_jira_simulator.rich_text import InputForm, RichTextError, read_rich_text

Json = dict[str, Any]


class Comments:
    """What accounts do to comments."""

    def __init__(self, recorder: Recorder, limits: RateLimits) -> None:
        self._recorder = recorder
        self._site = recorder.site
        self._limits = limits

    def on(self, id_or_key: str) -> list[Comment]:
        """All comments of an issue, oldest first.

        Raises:
            JiraError: 404 when the issue is not there.
        """
        return self._site.comments_on(self._issue(id_or_key).id)

    def get(self, id_or_key: str | None, comment_id: str) -> Comment:
        """One comment; with an issue given, only if it is on that issue.

        Raises:
            JiraError: 404.
        """
        comment = self._site.comments.get(comment_id)
        if comment is None or (id_or_key is not None and self._issue(id_or_key).id != comment.issue_id):
            raise JiraError(404, f"Can not find a comment for the id: {comment_id}.")
        return comment

    def create(self, actor: str, id_or_key: str, body: Json, rich: InputForm) -> Comment:
        """Add a comment from `{body, properties, visibility}`.

        Raises:
            JiraError: 404, 400, 429.
        """
        issue = self._issue(id_or_key)
        self._limits.write(issue.id)
        text = _body(body, rich)
        properties = read_properties(body.get("properties"))
        draft = self._recorder.draft(actor)
        comment = Comment(
            id=self._site.next_id(),
            issue_id=issue.id,
            author=actor,
            update_author=actor,
            body=text,
            created=draft.at,
            updated=draft.at,
            properties=properties,
            visibility=body.get("visibility"),
        )
        draft.comments.append(comment)
        draft.issues.append(issue.model_copy(update={"updated": draft.at}))
        self._recorder.effect(draft, "comment.created", issue, comment.id, text, properties=properties)
        self._recorder.comment_event(draft, "comment_created", issue, comment)
        self._recorder.commit(draft)
        return comment

    def update(self, actor: str, id_or_key: str, comment_id: str, body: Json, rich: InputForm) -> Comment:
        """Replace the body, and set the properties that are given.

        Raises:
            JiraError: 404, 400, 429.
        """
        before = self.get(id_or_key, comment_id)
        issue = self._site.issues[before.issue_id]
        self._limits.write(issue.id)
        text = _body(body, rich)
        properties = before.properties | read_properties(body.get("properties"))
        draft = self._recorder.draft(actor)
        comment = before.model_copy(
            update={
                "body": text,
                "update_author": actor,
                "updated": draft.at,
                "properties": properties,
                "visibility": body.get("visibility", before.visibility),
            }
        )
        draft.comments.append(comment)
        draft.issues.append(issue.model_copy(update={"updated": draft.at}))
        self._recorder.effect(draft, "comment.updated", issue, comment.id, text, properties=properties)
        self._recorder.comment_event(draft, "comment_updated", issue, comment)
        self._recorder.commit(draft)
        return comment

    def delete(self, actor: str, id_or_key: str, comment_id: str) -> None:
        """Delete a comment.

        Raises:
            JiraError: 404, 429.
        """
        comment = self.get(id_or_key, comment_id)
        issue = self._site.issues[comment.issue_id]
        self._limits.write(issue.id)
        draft = self._recorder.draft(actor)
        draft.dropped_comments.append(comment.id)
        self._recorder.effect(
            draft, "comment.deleted", issue, comment.id, comment.body, properties=comment.properties
        )
        self._recorder.comment_event(draft, "comment_deleted", issue, comment)
        self._recorder.commit(draft)

    def set_property(self, actor: str, comment_id: str, key: str, value: Any) -> bool:
        """Set a property; whether it is new.

        Raises:
            JiraError: 404, 400, 429.
        """
        comment = self.get(None, comment_id)
        self._limits.write(comment.issue_id)
        properties = comment.properties | {checked_key(key): checked_property(value)}
        self._store_properties(actor, comment, properties, "comment_property.set", key, value)
        return key not in comment.properties

    def delete_property(self, actor: str, comment_id: str, key: str) -> None:
        """Delete a property.

        Raises:
            JiraError: 404, 429.
        """
        comment = self.get(None, comment_id)
        if key not in comment.properties:
            raise JiraError(404, f"The property with key '{key}' does not exist.")
        self._limits.write(comment.issue_id)
        properties = {name: value for name, value in comment.properties.items() if name != key}
        value = comment.properties[key]
        self._store_properties(actor, comment, properties, "comment_property.deleted", key, value)

    def _store_properties(
        self, actor: str, comment: Comment, properties: Json, kind: str, key: str, value: Any
    ) -> None:
        draft = self._recorder.draft(actor)
        draft.comments.append(comment.model_copy(update={"properties": properties}))
        issue = self._site.issues[comment.issue_id]
        entity = f"{comment.id}/{key}"
        self._recorder.effect(draft, kind, issue, entity, value, properties=properties)
        self._recorder.commit(draft)

    def _issue(self, id_or_key: str) -> Issue:
        issue = self._site.issue(id_or_key)
        if issue is None:
            raise issue_missing()
        return issue


def _body(body: Json, rich: InputForm) -> Any:
    try:
        text = read_rich_text(body.get("body"), rich)
    except RichTextError as error:
        raise JiraError(400, errors={"comment": str(error)}) from error
    if not text:
        raise JiraError(400, errors={"comment": "Comment body can not be empty!"})
    return text
