"""Open questions: vague words and contradictions, in counts."""

from collections.abc import Sequence

from casewright_common.events import Criterion, OpenQuestion, QuestionKind
from casewright_evaluation.matching import match, match_texts, tokens
from casewright_evaluation.scores import Counts
from casewright_evaluation.stories import ExpectedQuestion

_KINDS = {"vague": QuestionKind.VAGUE_WORD, "contradiction": QuestionKind.CONTRADICTION}


def score(
    wanted: Sequence[ExpectedQuestion], found: Sequence[OpenQuestion], criteria: Sequence[Criterion]
) -> dict[str, Counts]:
    """Counts by kind of answer: `vague` and `contradiction`; questions of other kinds are not looked at.

    A vague word is found where the question names it, alone or with the words beside it. A contradiction is
    found where each of its quotes is a criterion of its own that the question cites, or is quoted in the
    question.
    """
    texts = {criterion.id: criterion.text for criterion in criteria}

    def fits(one: ExpectedQuestion, question: OpenQuestion) -> float:
        if one.kind == "vague":
            return float(_within(one.word, question.term))
        cited = [texts.get(id_, "") for id_ in question.criteria]
        quotes = [quote for quote in one.quotes if not _within(quote, question.text)]
        # One to one: two statements that contradict each other are often alike.
        return float(not match_texts(quotes, cited).missed)

    return {
        name: match(
            [one for one in wanted if one.kind == name],
            [question for question in found if question.kind is kind],
            fits,
        ).counts
        for name, kind in _KINDS.items()
    }


def _within(words: str, text: str) -> bool:
    wanted, given = tokens(words), tokens(text)
    return bool(wanted) and any(
        given[start : start + len(wanted)] == wanted for start in range(len(given) - len(wanted) + 1)
    )
