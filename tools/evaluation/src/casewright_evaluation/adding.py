"""Whether a case adds anything to its criterion: a plain measure, blind to how the designer works.

The generator has one of its own (`planning/coverage.py`), which also counts an action that makes the expected
part visible. This one sees only words, so that the generator is not held against itself alone.
"""

from collections.abc import Iterable

from casewright_common.events import CaseDraft, Criterion
from casewright_evaluation.matching import stem, tokens

_STEM = 5
"""Letters by which forms of one word are told to be one: `refused` and `refuses`."""
_SAYS_NOTHING = frozenset(
    tokens(
        "a an and any are as at be been by can case check checked complete completed confirm correct "
        "correctly criterion described display displayed do does done ensure expected fine for from given "
        "happen happens has have if in is it its may must no not of ok on only or possible properly "
        "requirement result results see seen should show shown so stated still success successful "
        "successfully system test tester that the their them then there they this to user validate "
        "verified verify visible was when which who will with work working works would you your"
    )
)


def adds_plainly(case: CaseDraft, criterion: Criterion) -> bool:
    """Whether a datum, or an expected result of a step that cites it, says more than the criterion."""
    said = _stems(tokens(criterion.text))
    told = [value.value for value in case.data]
    told += [step.expected for step in case.steps if criterion.id in step.criteria]
    return bool(_stems(word for text in told for word in tokens(text)) - said)


def _stems(words: Iterable[str]) -> frozenset[str]:
    return frozenset(stem(word)[:_STEM] for word in words if word not in _SAYS_NOTHING)
