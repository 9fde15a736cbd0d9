"""Cases of stories by a model, beside the designer's of the same stories."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from casewright_evaluation import stories
from casewright_evaluation.by_model import ByModel, Drawn, ModelPath, drawn
from casewright_evaluation.designing import SMELLS, tally
from casewright_evaluation.figures import Figure, Section, Unit
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.sections.figuring import figure, of_cases, share
from casewright_evaluation.settings import KEY_VARIABLE
from casewright_generator.settings import ModelSettings, SystemKey

_TITLE = "Cases of stories, by a model"


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """What a model writes of a few tuning stories, what goes out, and the designer alone."""
    if options.model is None:
        yield Section(_TITLE, "Not measured: no model was named (`--model`).")
        return
    settings = _settings(options)
    provider = options.model.partition("/")[0]
    if not any(key.provider == provider for key in settings.keys):
        reason = f"{options.model}: there is no key of {provider}; set {KEY_VARIABLE}, or name an --api-base"
        yield Section(_TITLE, "", skipped=(reason,))
        return
    try:
        answered = stories.load("tuning")
    except stories.StoryFileError as error:
        yield Section(_TITLE, "", skipped=(f"tuning stories: {error}",))
        return
    chosen = drawn(answered, options.stories)
    found = asyncio.run(_written(options.model, settings, chosen, tell))
    sample = f"{len(chosen)} of {len(answered)} tuning stories, drawn by the hash of their names"
    yield Section(
        f"Cases of stories, by {options.model}",
        f"What the model itself wrote, before the designer filled what was missing. {sample}; nothing was "
        "retrieved for them.",
        tuple(_of_model(found)),
    )
    yield Section(
        f"What goes out with {options.model}",
        "Its cases that passed the gate, and the designer's where it left something open.",
        tuple(of_cases(tally(one.delivered for one in found), "delivered")),
    )
    yield Section(
        "The designer alone, on the same stories",
        "The baseline.",
        (
            *of_cases(tally(one.made for one in chosen), "baseline"),
            *_per_story(
                "baseline.seconds",
                "Seconds for a story, reading it included",
                sum(one.seconds for one in chosen),
                len(chosen),
            ),
        ),
    )


def _settings(options: Options) -> ModelSettings:
    """The bounds of the service, with the key that was given for the evaluation before its own."""
    settings, key = options.settings.model, options.settings.evaluation_key
    if key is not None and not key.get_secret_value():
        key = None
    if options.model is None or (key is None and options.api_base is None):
        return settings
    provider = options.model.partition("/")[0]
    own = SystemKey(provider=provider, key=key, api_base=options.api_base)
    return settings.model_copy(update={"keys": (own,)})


async def _written(model: str, settings: ModelSettings, chosen: Sequence[Drawn], tell: Tell) -> list[ByModel]:
    path = ModelPath(model, settings)
    found = []
    try:
        for number, one in enumerate(chosen, start=1):
            tell(f"Asking {model} for the cases of {one.name}: {number} of {len(chosen)} …")
            found.append(await path(one.name, one.made))
    finally:
        await path.close()
    return found


def _of_model(found: Sequence[ByModel]) -> Iterator[Figure]:
    first, repaired = tally(one.first for one in found), tally(one.repaired for one in found)
    delivered = tally(one.delivered for one in found)
    yield from share("model.first", "Its cases that pass the gate at first", first.accepted, first.cases)
    yield from share(
        "model.repaired", "… of all it wrote, after the repair round", repaired.accepted, repaired.cases
    )
    yield from share("model.conditions.first", "Conditions with a case at first", first.met, first.conditions)
    yield from share(
        "model.conditions.repaired", "… after the repair round", repaired.met, repaired.conditions
    )
    yield from share(
        "model.designer",
        "Cases that the designer filled in",
        sum(one.by_designer for one in found),
        delivered.cases,
    )
    yield from share(
        "model.criteria",
        "Criteria to which a case of its own adds something",
        repaired.covered,
        repaired.criteria,
    )
    yield from share(
        "model.plain",
        "… told by words alone, not by the generator",
        repaired.plainly_covered,
        repaired.criteria,
    )
    yield from _faults(found, repaired.cases)
    without = Counter(one.used.fallback_reason for one in found if one.used.fallback_reason)
    yield figure(
        "model.unreadable", "Answers that could not be read", sum(one.unreadable for one in found), "count"
    )
    yield figure(
        "model.gave_up",
        "Stories at which it gave up, or whose cases all failed",
        without.total(),
        "count",
        len(found),
    )
    for reason, times in without.most_common():
        yield figure(f"model.gave_up.{reason}", f"… {reason.replace('_', ' ')}", times, "count")
    yield from _costs(found)


def _faults(found: Sequence[ByModel], written: int) -> Iterator[Figure]:
    """What its cases are like, let through or not."""
    kept = [case for one in found for case in one.repaired.verdict.accepted]
    turned_down = [rejection for one in found for rejection in one.rejected]
    cases = [*kept, *(rejection.case for rejection in turned_down)]
    grounded = [case.scores.grounded for case in cases if case.scores is not None]
    if grounded:
        mean = sum(grounded) / len(grounded)
        yield figure("model.grounded", "Groundedness of all it wrote", mean, "score", len(grounded))
    repeated = sum(_duplicates(one) for one in found)
    yield from share("model.duplicates", "Cases that repeat another", repeated, written)
    smelly = sum(not SMELLS.isdisjoint(finding.check for finding in case.findings) for case in cases)
    yield from share("model.smelly", "Cases with a smell", smelly, written)
    yield from share("model.rejected", "Cases that the gate turned down", len(turned_down), written)
    reasons = Counter(code for rejection in turned_down for code in rejection.reasons)
    for code, times in reasons.most_common():
        yield from share(f"model.rejected.{code}", f"… {code.replace('_', ' ')}", times, written)


def _duplicates(one: ByModel) -> int:
    pairs: Iterable[tuple[object, object]] = (*one.first.verdict.duplicates, *one.repaired.verdict.duplicates)
    return len({repeated for repeated, _ in pairs})


def _costs(found: Sequence[ByModel]) -> Iterator[Figure]:
    number = len(found)
    calls = sum(one.used.calls for one in found)
    read = sum(one.used.input_tokens for one in found)
    wrote = sum(one.used.output_tokens for one in found)
    yield from _per_story("model.calls", "Calls for a story", calls, number, unit="score")
    yield from _per_story("model.tokens.read", "Tokens read for a story", read, number, unit="count")
    yield from _per_story("model.tokens.written", "Tokens written for a story", wrote, number, unit="count")
    priced = [one.used.cost_usd for one in found if one.used.cost_usd is not None]
    if priced:
        yield figure("model.usd", "Money for a story", sum(priced) / len(priced), "usd", len(priced))
    yield from _per_story("model.seconds", "Seconds for a story", sum(one.seconds for one in found), number)


def _per_story(key: str, name: str, total: float, number: int, *, unit: Unit = "seconds") -> Iterator[Figure]:
    if number:
        yield figure(key, name, total / number, unit, number)
