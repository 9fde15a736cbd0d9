"""An organisation's own prompts and its experiments with them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol
from uuid import UUID

from casewright_common.events import PromptArm, PromptsConfiguredV1, PromptTemplate
from casewright_common.prompt_templates import template_problems
from casewright_gateway.domain.errors import (
    AlreadyExistsError,
    InUseError,
    InvalidFieldError,
    NotApplicableError,
    NotFoundError,
)
from casewright_gateway.domain.records import PromptResult, Prompts, PromptSettings, StoredTemplate
from casewright_gateway.service.revisions import match_revision
from casewright_gateway.service.stores import ConfigurationStore, ConfigurationUnit

MOST_VERSIONS = 50
MOST_PROBLEMS = 5
"""Of a template, in one answer."""


class PromptResults(Protocol):
    """The read model, counted by prompt version."""

    async def results(self, org_id: UUID, *, project_id: UUID | None) -> Sequence[PromptResult]:
        """By version and model; raises `NotFoundError` for an unknown organisation."""
        ...


@dataclass(frozen=True)
class ManagePrompts:
    """Add and drop prompt versions, and share the stories among them.

    Attributes:
        ours: Versions that the generator brings.
    """

    store: ConfigurationStore
    now: Callable[[], datetime]
    ours: tuple[str, ...]

    async def get(self, org_id: UUID) -> Prompts:
        """Revision 0 where the organisation has none; raises `NotFoundError` where that is unknown."""
        async with self.store.begin(org_id) as unit:
            organisation = await unit.organisation()
            return await unit.prompts() or Prompts(
                org_id=org_id,
                settings=PromptSettings(),
                revision=0,
                created_at=organisation.created_at,
                updated_at=organisation.created_at,
            )

    async def version(self, org_id: UUID, version: str) -> StoredTemplate:
        """Raises `NotFoundError`."""
        return _named((await self.get(org_id)).settings, version)

    async def add(self, org_id: UUID, version: str, template: str) -> tuple[Prompts, StoredTemplate]:
        """Add a version; it never changes, so that what it led to can be compared.

        Raises:
            NotFoundError: No such organisation.
            AlreadyExistsError: There is a version of that name, the organisation's or ours.
            NotApplicableError: There are too many.
            InvalidFieldError: The template can't be used.
        """
        if problems := template_problems(template):
            raise InvalidFieldError("/template", " ".join(problems[:MOST_PROBLEMS]))
        async with self.store.begin(org_id) as unit:
            known = await self._locked(unit, org_id)
            settings = known.settings
            if version in self.ours or any(each.version == version for each in settings.templates):
                raise AlreadyExistsError("There is a prompt version with that name.")
            if len(settings.templates) >= MOST_VERSIONS:
                raise NotApplicableError(f"There are {MOST_VERSIONS} versions at most.")
            new = StoredTemplate(version=version, template=template, created_at=self.now())
            changed = settings.model_copy(update={"templates": (*settings.templates, new)})
            return await self._save(unit, known, changed), new

    async def remove(self, org_id: UUID, version: str, *, revision: int | None) -> None:
        """Drop a version that nothing names.

        Raises:
            NotFoundError: No such version.
            InUseError: An experiment shares stories out to it, or cases were written with it.
            RevisionMismatchError: The prompts were changed meanwhile.
        """
        async with self.store.begin(org_id) as unit:
            known = await self._locked(unit, org_id)
            match_revision(known.revision, revision)
            _named(known.settings, version)
            if any(arm.version == version for arm in known.settings.arms):
                raise InUseError("The experiment uses this version: take it out there first.")
            if await unit.prompt_is_used(version):
                raise InUseError(
                    "Cases were written with this version: it stays, so that they can be judged."
                )
            rest = tuple(each for each in known.settings.templates if each.version != version)
            await self._save(unit, known, known.settings.model_copy(update={"templates": rest}))

    async def experiment(
        self, org_id: UUID, name: str, arms: tuple[PromptArm, ...], *, revision: int | None
    ) -> Prompts:
        """Share the stories out among versions; without arms the experiment is over.

        Raises:
            NotFoundError: No such organisation.
            InvalidFieldError: An arm's version doesn't exist, or stands there twice.
            RevisionMismatchError: The prompts were changed meanwhile.
        """
        async with self.store.begin(org_id) as unit:
            known = await self._locked(unit, org_id)
            match_revision(known.revision, revision)
            versions = {each.version for each in known.settings.templates} | set(self.ours)
            seen: set[str] = set()
            for number, arm in enumerate(arms):
                pointer = f"/arms/{number}/version"
                if arm.version not in versions:
                    raise InvalidFieldError(pointer, "There is no such prompt version.")
                if arm.version in seen:
                    raise InvalidFieldError(pointer, "This version has an arm already.")
                seen.add(arm.version)
            changed = known.settings.model_copy(update={"experiment": name, "arms": arms})
            if changed == known.settings and known.revision:
                return known
            return await self._save(unit, known, changed)

    async def _locked(self, unit: ConfigurationUnit, org_id: UUID) -> Prompts:
        await unit.organisation(lock=True)  # two first changes at once come one after the other
        at = self.now()
        return await unit.prompts() or Prompts(
            org_id=org_id, settings=PromptSettings(), revision=0, created_at=at, updated_at=at
        )

    async def _save(self, unit: ConfigurationUnit, known: Prompts, settings: PromptSettings) -> Prompts:
        new = replace(known, settings=settings, revision=known.revision + 1, updated_at=self.now())
        await unit.save_prompts(new)
        await unit.send(prompts_event(new))
        return new


def prompts_event(prompts: Prompts) -> PromptsConfiguredV1:
    """The event that tells an organisation's prompts; the same state always makes the same event."""
    settings = prompts.settings
    return PromptsConfiguredV1(
        event_id=PromptsConfiguredV1.derive_id(prompts.org_id, prompts.revision),
        occurred_at=prompts.updated_at,
        org_id=prompts.org_id,
        revision=prompts.revision,
        templates=tuple(
            PromptTemplate(version=each.version, template=each.template) for each in settings.templates
        ),
        experiment=settings.experiment,
        arms=settings.arms,
    )


def _named(settings: PromptSettings, version: str) -> StoredTemplate:
    for each in settings.templates:
        if each.version == version:
            return each
    raise NotFoundError("prompt version")
