"""Prompts from the template files, and which version a story gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from casewright_generator.service import Assignment

_MOST_CHARACTERS = 12_000


def choose_version(versions: Sequence[str], story_id: str) -> str:
    """The version that a story gets: always the same one, and each version for an equal share.

    Raises:
        ValueError: If there are no versions.
    """
    if not versions:
        raise ValueError("A prompt version is needed.")
    return versions[int.from_bytes(sha256(story_id.encode()).digest()[:8]) % len(versions)]


@dataclass(frozen=True)
class Prompt:
    """One version of the prompt."""

    version: str
    template: Template

    def system(self, assignment: Assignment) -> str:
        """What the model is and must do."""
        return self._render("system", fence=_fence(self._user(assignment, fence="")))

    def user(self, assignment: Assignment) -> str:
        """The story and the conditions to write, between fences that none of their texts can contain."""
        return self._user(assignment, fence=_fence(self._user(assignment, fence="")))

    def _user(self, assignment: Assignment, *, fence: str) -> str:
        story = assignment.story.story
        return self._render(
            "user",
            fence=fence,
            title=story.title,
            text=story.text[:_MOST_CHARACTERS],
            criteria=assignment.plan.criteria,
            passages=assignment.passages,
            conditions=assignment.missing.conditions,
            gaps=assignment.gaps,
        )

    def repair(self, problem: str) -> str:
        """What is wrong with an answer."""
        return self._render("repair", problem=problem)

    def _render(self, block: str, **values: object) -> str:
        context = self.template.new_context(values)
        return "".join(self.template.blocks[block](context)).strip()


def load_prompt(version: str) -> Prompt:
    """The prompt of that version.

    Raises:
        jinja2.TemplateNotFound: There is no such version.
    """
    environment = Environment(
        loader=PackageLoader("casewright_generator", "prompts"),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  # text for a model, not HTML
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )
    return Prompt(version, environment.get_template(f"cases/{version}.jinja"))


def _fence(text: str) -> str:
    """A line that can't stand in what it fences: it has a hash of all of it."""
    mark = _digest(text)
    while mark in text:
        mark = _digest(mark)
    return f"=====[{mark}]====="


def _digest(text: str) -> str:
    # A story may hold half a surrogate pair.
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
