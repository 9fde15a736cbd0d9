"""Hybrid search, on texts with known relevance."""

import asyncio
from collections.abc import Iterator, Sequence

from casewright_common.errors import UpstreamUnavailableError
from casewright_common.events import Story
from casewright_evaluation import issues, reading, stories
from casewright_evaluation.figures import Figure, Section
from casewright_evaluation.options import Options, Tell
from casewright_evaluation.retrieval.linked import Project, projects, without_keys
from casewright_evaluation.retrieval.passages import NOBODY, passages
from casewright_evaluation.retrieval.searching import DENSE, SPARSE, Found, Fusion, Query, Text, search
from casewright_evaluation.sections.figuring import figure
from casewright_generator.adapters.retrieval import LEG_WEIGHTS, RRF_K

TITLE = "Retrieval"
USED = Fusion(RRF_K, LEG_WEIGHTS[DENSE], LEG_WEIGHTS[SPARSE])
"""What the generator does."""
TRIED = tuple(Fusion(constant, weight, 1) for constant in (1, 2, 5, 10, 20, 60) for weight in (1, 2, 3))
_QUERIES, _DISTRACTORS = 24, 80
"""Of each project."""
_BY_HAND = "by hand"


def measure(options: Options, tell: Tell) -> Iterator[Section]:
    """NDCG of each leg and of their fusion."""
    skipped: tuple[str, ...] = ()
    linked: tuple[Project, ...] = ()
    try:
        real = issues.read(options.settings.issues)
        linked = projects(real, queries=_QUERIES, distractors=_DISTRACTORS)
    except OSError:
        skipped = (f"{TITLE} in real issues: set CASEWRIGHT_ISSUES to the folder of their CSV files",)
    try:
        texts, queries = _material(stories.load("tuning"), linked)
        tell(f"Searching {len(texts)} texts for {len(queries)} stories …")
        found = asyncio.run(search(texts, queries))
    except (stories.StoryFileError, UpstreamUnavailableError) as error:
        yield Section(TITLE, "", skipped=(*skipped, f"{TITLE}: {error}"))
        return
    yield Section(TITLE, _NOTE, tuple(_figures(found)), skipped)


_NOTE = (
    "Real issues search for those of their project that they name; tuning stories search for passages that "
    "were written by hand, in other words on purpose. Rank constant and weights were chosen by half of the "
    "queries; the other half shows what the choice is worth."
)


def chosen(found: Sequence[Found]) -> Fusion:
    """Of `TRIED`, the one that serves these best; the first of equal ones."""
    return max(TRIED, key=lambda fusion: fusion.mean(found))


def _figures(found: Sequence[Found]) -> Iterator[Figure]:
    yield from _compared("retrieval", "all", found)
    yield from _compared("retrieval_linked", "issues", [one for one in found if one.query.project])
    yield from _compared("retrieval_by_hand", "by hand", [one for one in found if not one.query.project])
    yield from _compared(
        "retrieval_others", "half that did not choose", [one for one in found if not one.query.fits]
    )
    fitting = [one for one in found if one.query.fits]
    best = chosen(fitting)
    for name, fusion in (("used", USED), ("best that was tried", best)):
        told = f"constant {fusion.constant}, weights {fusion.dense:g} : {fusion.sparse:g}"
        key = f"retrieval_choice.{name.partition(' ')[0]}"
        yield figure(key, f"Half that chooses, {name}: {told}", fusion.mean(fitting), "score", len(fitting))


def _compared(key: str, name: str, found: Sequence[Found]) -> Iterator[Figure]:
    """Each leg alone, and both; nothing where nothing was searched for."""
    if not found:
        return
    dense, sparse, fused = (fusion.mean(found) for fusion in (USED.alone(DENSE), USED.alone(SPARSE), USED))
    of = len(found)
    yield figure(f"{key}.dense", f"nDCG@10, dense leg ({name})", dense, "score", of)
    yield figure(f"{key}.sparse", f"nDCG@10, sparse leg ({name})", sparse, "score", of)
    yield figure(f"{key}.fused", f"nDCG@10, fusion ({name})", fused, "score", of)
    yield figure(
        f"{key}.gain", f"Fusion less the better leg ({name})", fused - max(dense, sparse), "score", of
    )


def _material(
    answered: Sequence[stories.AnsweredStory], linked: Sequence[Project]
) -> tuple[list[Text], list[Query]]:
    texts = [
        Text(f"passage-{number}", Story(title="", text=one.text, issue_type=""), _BY_HAND)
        for number, one in enumerate(passages())
    ]
    grades: dict[str, dict[str, int]] = {}
    for number, one in enumerate(passages()):
        if one.about != NOBODY:
            grades.setdefault(one.about, {})[f"passage-{number}"] = one.grade
    queries = [
        Query(one.name, reading.read(one).story, grades[one.name]) for one in answered if one.name in grades
    ]
    for project in linked:
        texts += [Text(one.id, _story(one), project.name) for one in project.issues]
        queries += [
            Query(
                one.issue.id,
                _story(one.issue),
                {named.id: 1 for named in one.named},
                project.name,
                one.issue.id,
            )
            for one in project.queries
        ]
    return texts, queries


def _story(issue: issues.Issue) -> Story:
    return reading.story(without_keys(issue.title) or "-", without_keys(issue.description))
