"""What a title says, for want of a description that says more."""

import re

from casewright_ingest.domain.blocks import clean
from casewright_ingest.domain.sentences import is_chore, is_empty_task, is_question, is_torn
from casewright_ingest.domain.testability import Testability, is_fault_title, tells_what_will_be, testability
from casewright_ingest.domain.vocabulary import TITLE_SHALL
from casewright_ingest.domain.wishes import capitalised, wish

_PREFIX = re.compile(r"[^:]{1,40}(?:: | - )")
_CAN = re.compile(r"\bcan\b(?! ?not\b)", re.IGNORECASE)


def title_criterion(title: str, *, is_fault: bool) -> tuple[str, Testability] | None:
    """The criterion in a title and how sure it is; `None` where it names a fault, a chore or a thing only.

    Args:
        title: Jira's summary.
        is_fault: Whether the issue reports a fault; its title tells the fault then, unless it demands.
    """
    text = " ".join(clean(title).split()).strip("\"'")
    prefix = _PREFIX.match(text)
    core = text[prefix.end() :] if prefix else text
    level = max(testability(text), testability(core))
    if level is Testability.STRONG:
        return text, level
    if wished := wish(text):
        return wished, Testability.MEDIUM
    if (
        level
        and not _tells_fault(text, core, is_fault=is_fault)
        and not is_torn(core)
        and not is_empty_task(core)
    ):
        return text, level
    shall = None if level or (is_fault_title(text) and is_fault_title(core)) else TITLE_SHALL.match(text)
    if shall and not is_chore(text) and not is_question(text):
        return capitalised(f"{shall['subject']} should {shall['action']}"), Testability.WEAK
    return None


def _tells_fault(text: str, core: str, *, is_fault: bool) -> bool:
    """Whether it reports a fault, or tells what will happen, which is as often the fault as the wish."""
    if is_fault_title(text) and is_fault_title(core):
        return True
    tells = tells_what_will_be(text) and tells_what_will_be(core)
    return tells and (is_fault or not _CAN.search(core))
