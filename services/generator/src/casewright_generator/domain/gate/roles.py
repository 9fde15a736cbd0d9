"""Who acts in a case: nobody whom the story doesn't know."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from casewright_common.events import CaseDraft, GateFinding
from casewright_generator.domain.gate import lexicon
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.facts import Facts
from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import mask

_ANYBODY: Final = words.word_set(
    "user users tester testers person persons people someone somebody anyone anybody nobody everyone "
    "everybody "
    "i we you they he she it who other others individual individuals party parties human visitor account "
    "owner holder member participant recipient sender author creator reader friend colleague guest"
)
"""Who may take part in any test, or is whoever did something before."""
_OCCUPATIONS: Final = words.word_set(
    "accountant actuary administrator admin advisor adviser agent analyst applicant apprentice approver "
    "architect archivist artist assistant assessor attendant attorney auditor baker banker barber barista "
    "beneficiary bookkeeper bookseller broker butcher buyer caretaker carer cashier ceo cfo chairman "
    "chairperson chauffeur chef chemist citizen cleaner clerk client clinician coach commander commissioner "
    "concierge conductor consultant contractor controller cook coordinator coroner counsellor courier "
    "craftsman creditor curator custodian customer dancer dealer debtor delegate dentist deputy designer "
    "detective developer dietician diplomat director dispatcher doctor donor driver economist editor "
    "educator "
    "electrician employee employer engineer entrepreneur estimator evaluator examiner executive expert "
    "farmer financier firefighter fisherman florist foreman forester freelancer gardener geologist governor "
    "grandparent guard guardian guide hairdresser handyman headmaster headteacher housekeeper hunter "
    "inspector installer instructor insurer intern interpreter interviewer inventor investigator investor "
    "janitor journalist judge juror kid landlord lawyer leader learner lecturer lender librarian lifeguard "
    "locksmith manager magistrate mailman mayor mechanic mediator medic mentor merchant messenger midwife "
    "miner minister moderator musician nanny neighbour neighbor notary nurse nutritionist observer officer "
    "official operator optician orderly paramedic parent partner passenger pastor pathologist patient "
    "paymaster payroller pediatrician paediatrician pensioner pharmacist photographer physician physicist "
    "picker pilot planner plumber policeman policewoman policyholder politician porter postman president "
    "principal prisoner probationer producer professor programmer promoter proofreader prosecutor provider "
    "psychologist publisher pupil purchaser racer ranger realtor receptionist recruiter referee referrer "
    "registrar renter reporter representative researcher resident retailer reviewer roofer sailor salesman "
    "salesperson saleswoman scheduler scientist scorer secretary seller senator sergeant shareholder sheriff "
    "shopkeeper shopper shipper singer soldier solicitor sommelier spectator specialist spouse sponsor "
    "steward stewardess student subcontractor subscriber superintendent superuser supervisor "
    "supplier surgeon "
    "surveyor tailor tanner teacher technician teenager teller tenant therapist trader trainee trainer "
    "translator traveller traveler treasurer trustee tutor umpire undertaker underwriter usher valet vendor "
    "veterinarian vet volunteer voter waiter waitress warden watchman welder woodworker worker writer"
)
_STARTS: Final = words.word_set(
    "soon expected before above described usual long well result consequence follows in part needed "
    "required requested possible such alternative"
)
_LOGGED = re.compile(
    r"\b(?:log(?:s|ged)?|sign(?:s|ed)?|act(?:s|ing)?|authenticated?|connect(?:ed)?|impersonate|"
    r"work(?:s|ing)?|"
    r"proceed|continue)(?: (?:in|on|into \w+|out|back|again))*,? as (?P<who>[^,.;:()\n]{1,60})",
    re.IGNORECASE,
)
_LEADING = re.compile(r"(?:^|\n|[.;] )as (?P<who>[^,.;:()\n]{1,60}),", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:with|has|have|having|in) the (?P<who>[\w-]+(?: [\w-]+)?) (?:role|permissions?|rights|profile)\b",
    re.IGNORECASE,
)
_END = re.compile(
    r"\b(?:who|whose|that|which|with|without|of|for|from|in|on|at|to|and|or|when|after|before|while|by|via|"
    r"again|instead|try|open|send|sign|approve|is|are|has|have|had|not|neither|nor)\b",
    re.IGNORECASE,
)
_QUALIFIES: Final = words.word_set(
    "signed logged in registered unregistered authorised authorized unauthorised unauthorized authenticated "
    "normal ordinary regular plain simple new old different same second third first fourth fifth sixth other "
    "another further next valid invalid active inactive anonymous former current only single any one two "
    "three several multiple many some existing own real third-party additional last previous original whole "
    "privileged unprivileged logged-in signed-in non whoever said before being affected invited responsible "
    "respective corresponding named eligible ineligible qualified unqualified given"
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")


def invented(case: CaseDraft, known: Facts, planned: Facts) -> Iterator[GateFinding]:
    """People in the case that neither story nor condition knows."""
    told: dict[str, int | None] = {}
    for number, text in _texts(case):
        for who in _unknown(text, known, planned):
            told.setdefault(who, number)
    for who, at in told.items():
        yield found("invented_role", f"Nothing says that there is a {who}.", step=at)


def _texts(case: CaseDraft) -> Iterator[tuple[int | None, str]]:
    yield None, case.title
    for text in case.preconditions:
        yield None, text
    for number, step in enumerate(case.steps, start=1):
        yield number, step.action
        yield number, step.expected


def _unknown(text: str, known: Facts, planned: Facts) -> Iterator[str]:
    masked = mask(text)
    for pattern in (_LOGGED, _LEADING, _ROLE):
        for match in pattern.finditer(masked):
            who = _END.split(match["who"].strip())[0]
            parts = [one for one in map(str.casefold, _WORD.findall(who)) if one not in words.DETERMINERS]
            if not parts or parts[0] in _STARTS:
                continue
            missing = [one for one in parts if not _is_fine(one, known, planned)]
            if missing:
                yield " ".join(parts)
    for place, one in enumerate(found_ := _WORD.findall(masked)):
        word = one.casefold().split("'")[0].split("\u2019")[0]
        single = occupation(word)
        within_name = one[:1].isupper() and place > 0 and found_[place - 1][:1].isupper()
        if single and not within_name and not _is_fine(single, known, planned):
            yield single


@lru_cache(maxsize=4_096)
def occupation(word: str) -> str:
    """The word in the singular if it names what somebody is; empty otherwise."""
    for one in (word, words.singular(word)):
        if one in _OCCUPATIONS and one not in _ANYBODY:
            return one
    return ""


def _is_fine(word: str, known: Facts, planned: Facts) -> bool:
    return (
        word in _ANYBODY
        or word in _QUALIFIES
        or word in lexicon.STOP
        or words.singular(word) in _ANYBODY
        or known.knows(word)
        or planned.knows(word)
        or all(known.knows(part) for part in word.split("-") if part)
    )
