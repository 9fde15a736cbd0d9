"""Prompts: our versions from files, an organisation's own from its configuration, and which one a story gets.

An organisation's templates are run in a sandbox, and only after `template_problems` found nothing: they can
show and repeat what they are given, nothing else, and only so much of it.
"""

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from uuid import UUID

from jinja2 import (
    BaseLoader,
    PackageLoader,
    StrictUndefined,
    Template,
    TemplateError,
    TemplateNotFound,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from casewright_common.configuration import Configuration
from casewright_common.events import CaseDraft, PromptArm
from casewright_common.prompt_templates import template_problems
from casewright_generator.domain.fitting import Background, Fitted, fit
from casewright_generator.domain.leaks import Secret
from casewright_generator.errors import ModelFailedError
from casewright_generator.service import Assignment, Passage

_logger = logging.getLogger(__name__)

_LONGEST_PROMPT = 300_000
"""Characters of one rendered block: more than models take; a template that repeats itself reaches it."""


def choose_arm(arms: Sequence[PromptArm], *, experiment: str, story_id: str) -> str:
    """The version that a story gets: always the same within an experiment, each arm for its weight's share.

    Raises:
        ValueError: If there are no arms.
    """
    if not arms:
        raise ValueError("A prompt version is needed.")
    drawn = int.from_bytes(sha256(f"{experiment}\n{story_id}".encode()).digest()[:8]) / 2**64
    place = drawn * sum(arm.weight for arm in arms)
    for arm in arms:
        place -= arm.weight
        if place < 0:
            return arm.version
    return arms[-1].version


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
        fitted = fitting(assignment)
        return self._render(
            "user",
            fence=fence,
            title=assignment.story.story.title,
            text=fitted.text,
            criteria=fitted.criteria,
            passages=fitted.background,
            examples=fitted.examples,
            rejections=fitted.rejections,
            conditions=assignment.missing.conditions,
            gaps=assignment.gaps,
        )

    @cached_property
    def _confidential(self) -> Secret:
        return Secret(self._render("system", fence=""))

    def is_given_away_by(self, case: CaseDraft, assignment: Assignment) -> bool:
        """Whether a case recites what we told the model, or a fence: somebody talked it into that."""
        steps = (f"{step.action}\n{step.expected}" for step in case.steps)
        data = (f"{item.name}: {item.value}" for item in case.data)
        said = "\n".join((case.title, *case.preconditions, *data, *steps))
        return _FENCE.search(said) is not None or self._confidential.is_in(said, known=_known(assignment))

    def repair(self, problem: str) -> str:
        """What is wrong with an answer."""
        return self._render("repair", problem=problem)

    def _render(self, block: str, **values: object) -> str:
        """One block; a template of an organisation may ask for what isn't there, or repeat itself for ever.

        Raises:
            ModelFailedError: It does.
        """
        written, size = [], 0
        try:
            for piece in self.template.blocks[block](self.template.new_context(values)):
                size += len(piece)
                if size > _LONGEST_PROMPT:
                    raise ModelFailedError(
                        "prompt_unusable",
                        f"Prompt {self.version} makes more text than a model takes.",
                    )
                written.append(piece)
        except TemplateError as error:
            raise ModelFailedError(
                "prompt_unusable", f"Prompt {self.version} can't be filled in: {error.message}."
            ) from error
        return "".join(written).strip()


def fitting(assignment: Assignment) -> Fitted:
    """What of an assignment goes into its prompt."""
    return fit(
        assignment.story.story.text,
        assignment.plan.criteria,
        cited=(one for condition in assignment.missing.conditions for one in condition.criteria),
        background=[_background(passage) for passage in assignment.passages if passage.case is None],
        examples=assignment.examples,
        rejections=assignment.rejections,
    )


def _known(assignment: Assignment) -> Iterator[str]:
    """What the tracker says anyway; asked for only where something looks familiar."""
    story = assignment.story.story
    yield from (story.title, story.text)
    yield from (criterion.text for criterion in assignment.plan.criteria)
    yield from (f"{one.description}\n{one.title}" for one in assignment.plan.conditions)
    yield from (passage.text for passage in assignment.passages)


def _background(passage: Passage) -> Background:
    source = " ".join(filter(None, (passage.kind, passage.issue_key, passage.title)))
    return Background(source, passage.text)


class Prompts:
    """Which prompt a story gets: by its organisation's experiment, else by the system's.

    Args:
        versions: Our versions that the system shares its stories among, in equal parts.
        configuration: What organisations wrote and chose.
    """

    def __init__(self, versions: Sequence[str], configuration: Configuration) -> None:
        self._system = {version: load_prompt(version) for version in versions}
        self._arms = tuple(PromptArm(version=version) for version in versions)
        self._configuration = configuration
        self._own: dict[tuple[UUID, str], Prompt | None] = {}

    def of(self, assignment: Assignment) -> Prompt:
        """The prompt for an assignment; the system's where the organisation's own can't be used."""
        org_id, story_id = assignment.story.org_id, assignment.story_id
        configured = self._configuration.prompts(org_id)
        if configured is not None and configured.arms:
            version = choose_arm(configured.arms, experiment=configured.experiment, story_id=story_id)
            own = {template.version: template.template for template in configured.templates}
            found = self._own_version(org_id, version, own[version]) if version in own else _ours(version)
            if found is not None:
                return found
        return self._system[choose_arm(self._arms, experiment="", story_id=story_id)]

    def _own_version(self, org_id: UUID, version: str, source: str) -> Prompt | None:
        """An organisation's version; `None`, said once in the log, where it breaks the rules."""
        key = (org_id, sha256(f"{version}\n{source}".encode()).hexdigest())
        if key not in self._own:
            problems = template_problems(source)
            if problems:
                _logger.warning("Prompt %s of %s can't be used: %s", version, org_id, problems[0])
            self._own[key] = None if problems else Prompt(version, _environment().from_string(source))
        return self._own[key]


def load_prompt(version: str) -> Prompt:
    """Our prompt of that version.

    Raises:
        jinja2.TemplateNotFound: There is no such version.
    """
    loader = PackageLoader("casewright_generator", "prompts")
    return Prompt(version, _environment(loader).get_template(f"cases/{version}.jinja"))


@cache
def _ours(version: str) -> Prompt | None:
    try:
        return load_prompt(version)
    except TemplateNotFound:
        _logger.warning("There is no prompt version %s", version)
        return None


def _environment(loader: BaseLoader | None = None) -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
    )


def _fence(text: str) -> str:
    """A line that can't stand in what it fences: it has a hash of all of it."""
    mark = _digest(text)
    while mark in text:
        mark = _digest(mark)
    return f"=====[{mark}]====="


_FENCE = re.compile(r"=====\[[0-9a-f]{16}\]")


def _digest(text: str) -> str:
    # A story may hold half a surrogate pair.
    return sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]
