"""Who acts in a story, or is acted upon, by the name of their part."""

import re
from collections.abc import Iterable, Iterator

from casewright_generator.domain.language import words

_AS_A = re.compile(
    r"(?:^|(?<=[.:*\n!]) ?|\bshort: |\()\W{0,3}[Aa]s(?:\*|_)*\s*(?:\*|_)*\s*(?:an?|the)?(?:\*|"
    r"_)*\s+(?P<role>[^,.\n*;]{2,60}?)(?:\s*(?:\*|_)*\s*(?:,|\n|$|\*I\b|\b(?:I|i|we|We)(?:['\u2019]d|"
    r"['\u2019]m)?\b))|"
    r"\bAs an? (?P<later>[^,.\n]{2,60}?),? (?:I|we)\b|"
    r"\b(?:als|Als) (?:eine?[rn]? )?(?P<de>[^,.\n]{2,50}?),? (?:möchte|will|brauche|kann|muss) ich\b|"
    r"\b(?:Como|como) (?:una? )?(?P<es>[^,.\n]{2,50}?),? (?:quiero|necesito|quisiera|deseo)\b|"
    r"\bEn tant que?(?: |['\u2019])(?:une? )?(?P<fr>[^,.\n]{2,50}?),? (?:je|j['\u2019])|"
    r"\b(?:Come|come) (?P<it>[^,.\n]{2,50}?),? (?:voglio|vorrei)\b|\bAls (?P<nl>[^,.\n]{2,50}?) (?:wil|"
    r"moet) ik\b",
    re.MULTILINE,
)
_HEADS = words.word_set(
    "accountant actor administrator admin adviser advisor agent analyst anaesthetist applicant "
    "apprentice approver architect artist assessor assignee assistant associate attendee auditor "
    "author baker "
    "bidder bookkeeper borrower broker buyer caller candidate captain cardholder carer caretaker "
    "cashier caseworker chairperson chef citizen claimant cleaner clerk client clinician coach "
    "collaborator "
    "collector colleague commuter compiler consultant consumer contractor contributor controller cook "
    "coordinator coordinatore counsellor courier creator curator customer customs-officer dealer "
    "debtor delegate dentist deputy designer "
    "developer diner director dispatcher doctor donor driver editor electrician employee employer "
    "engineer enquirer estimator examiner executive exhibitor expert facilitator farmer fitter "
    "follower foreman forwarder founder "
    "freelancer friend fundraiser gamer gardener gp grader giver guardian guest handler heir helper "
    "hirer holder host housekeeper importer inspector installer instructor insurer intern interviewer "
    "inventor investor invigilator invitee janitor "
    "journalist judge keeper landlord lawyer lead leader learner lecturer lender librarian listener "
    "lodger maintainer manager marketer marshal mechanic mediator member mentor merchant messenger "
    "midwife minister minor moderator "
    "mother musician neighbour nurse nutritionist observer occupant officer official operator opponent "
    "organiser organizer owner paediatrician painter paramedic parent participant partner passenger "
    "patient patron payee payer "
    "pedestrian performer pharmacist photographer physician physiotherapist picker pilot planner "
    "player plumber policyholder porter postman practitioner presenter president principal producer "
    "professor promoter proofreader "
    "publisher pupil purchaser radiologist reader receptionist recipient recruiter referee referrer "
    "registrar renter reporter representative requester researcher resident respondent retailer "
    "reviewer rider sales-rep scholar "
    "scientist secretary seller sender shareholder shopper signatory singer speaker specialist "
    "spectator spouse staff steward stockist streamer student subscriber superuser supervisor supplier "
    "supporter surgeon surveyor teacher "
    "technician teller tenant tester therapist trader trainee trainer translator traveller traveler "
    "treasurer trustee tutor underwriter usher valuer vendor vet veterinarian viewer visitor volunteer "
    "voter waiter waitress "
    "warden watcher winner witness worker writer"
)
_FOREIGN_HEADS = words.word_set(
    "kunde kundin mitglied mitarbeiter mitarbeiterin vorstand kassenwart kassenwartin buchhalter "
    "buchhalterin buchhaltungsleitung sachbearbeiter sachbearbeiterin verwalter administrator leiter "
    "leiterin vertreter "
    "fahrer patient patientin arzt ärztin schüler schülerin lehrer lehrerin käufer verkäufer händler "
    "disponent redakteur redakteurin prüfer besucher gast nutzerin vorgesetzte teamleiter "
    "personalabteilung "
    "lector lectora bibliotecario bibliotecaria cliente administrador administradora responsable "
    "vendedor vendedora comprador profesor profesora alumno alumna gestor gestora médico paciente "
    "empleado empleada "
    "client cliente vendeur vendeuse gestionnaire responsable administrateur utilisatrice acheteur "
    "professeur élève médecin salarié employé livreur caissier"
)
_NOT_ROLES = words.word_set("system service server app application platform user users page browser team")
_SUBJECT = re.compile(
    r"(?P<role>(?:[A-Za-z][\w'\u2019-]*[ ]){0,3}?[A-Za-z][\w-]{2,20})(?=\W|$)",
)
_DETERMINERS = words.word_set(
    "a an the each every any no only all his her their its our this that these those some another "
    "other more most both either neither which whose one two three four five new old same next last "
    "first "
    "many few several own der die das den dem ein eine einen einem einer jeder jede kein keine el la "
    "los las un una cada le les une chaque du des aux del al"
)
_MODIFIER = re.compile(r"^[a-z][a-z-]{1,16}$")
_STOP_MODIFIERS = words.word_set(
    "and or but if when once after before for with without of to in on at by from is are be was were "
    "has have had can may must should will not never no it they she he who which that whoever as than "
    "so then "
    "while because only also still again up out about into over under between among during until "
    "through being been gets get got does do did make makes made let lets tell tells told notify "
    "notified show shows "
    "shown give gives given ask asks asked sees see send sends sent mail mails inform informed pay "
    "pays paid until unless where what how why there here via per plus minus more less than least most "
    "current waiting paying lowest highest approved registered valid invalid different second third "
    "previous own unknown existing interested logged signed active additional new former-x certain "
    "respective responsible "
    "same other another missing many late early present good bad available hand letting-x remaining "
    "eligible wrong right und oder für mit von zu auf an bei nach vor ohne durch am im zum zur"
)
_PLAIN = {
    "children": "child",
    "people": "person",
    "persons": "person",
    "staff": "staff",
    "ladies": "lady",
    "secretaries": "secretary",
    "men": "man",
}
_GROUPED = re.compile(
    r"\b(?P<role>head of (?:the )?[a-z]+(?: (?:office|department|team|unit))?)\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['\u2019]s?$")


def roles(story_text: str, criteria: Iterable[str], *, language: str) -> tuple[str, ...]:
    """Roles in lower case and singular, those of the wish first."""
    found: dict[str, None] = {}
    for role in _wished(story_text):
        found.setdefault(role)
    for text in criteria:
        for role in _named(text, language):
            found.setdefault(role)
    return tuple(
        one
        for one in found
        if not any(
            other != one and other.endswith(f" {one}") and other.split()[0] not in _ADJECTIVES
            for other in found
        )
    )


def _wished(text: str) -> Iterator[str]:
    for match in _AS_A.finditer(text):
        raw = next(group for group in match.groups() if group)
        role = re.sub(r"^(?:an?|the|eine?[rn]?|una?|une)\s+", "", raw.strip(" *_").lower())
        role = re.split(r" (?:who|that|of a|with|in the|at|from|on) ", role)[0].strip()
        if role and len(role.split()) <= _MOST_WORDS and role not in _NOT_ROLES and not _TALK.search(role):
            yield singular(role) if match["role"] or match["later"] else role


_ADJECTIVES = words.word_set(
    "former new anonymous premium gold silver external internal senior junior old potential second"
)
_MOST_WORDS = 4
_TALK = re.compile(
    r"\b(?:soon|long|far|well|discussed|agreed|said|before|usual|result|much|many|it|we|they|is|are|"
    r"was|above|below|a)\b"
)


def _named(text: str, language: str) -> Iterator[str]:
    for match in _GROUPED.finditer(text):
        yield match["role"].lower()
    tokens = [
        (match.group(), match.start(), match.end()) for match in re.finditer(r"[^\W\d_][\w'\u2019-]*", text)
    ]
    for index, (token, _, end) in enumerate(tokens):
        bare = _POSSESSIVE.sub("", token)
        low = singular(bare.lower())
        known = low in _HEADS or (language != "en" and low in _FOREIGN_HEADS)
        if not known or low in _NOT_ROLES:
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if (
            following
            and following[1] == end + 1
            and text[end] == " "
            and singular(_POSSESSIVE.sub("", following[0].lower())) in _COMPOUND_TAILS | _HEADS
            and not token.endswith(("s", "s'", "'s"))
        ):
            continue  # `ticket holder`'s own head comes next, or `host name` is a thing
        yield _with_modifiers(tokens, index, low, text)


_COMPOUND_TAILS = words.word_set(
    "name number list id address page portal account group role view app data fee table board form "
    "letter mailbox card code area desk office service support screen dashboard mode login record "
    "profile file type "
    "review note notes message email mail query export import limit plan link base field question"
)


_MOST_PARTS = 3
"""Words of a role that is named by its head: two modifiers at most."""


def _with_modifiers(tokens: list[tuple[str, int, int]], index: int, head: str, text: str) -> str:
    parts = [head]
    at = index - 1
    while at >= 0 and len(parts) < _MOST_PARTS:
        token, _, end = tokens[at]
        if text[end : tokens[at + 1][1]] != " ":
            break
        low = token.lower()
        if (
            low in _DETERMINERS
            or low in _STOP_MODIFIERS
            or not _MODIFIER.match(low)
            or "'" in token
            or (
                low.endswith("s")
                and not low.endswith(("ss", "us"))
                and low
                not in {
                    "claims",
                    "sales",
                    "reservations",
                    "operations",
                    "customs",
                    "sports",
                    "premises",
                    "systems",
                    "accounts",
                }
            )
        ):
            break
        if (
            low.endswith("ly")
            or (
                words.is_verb(low)
                and low not in _HEADS
                and not low.endswith("ing")
                and low not in _NOUN_MODIFIERS
            )
            or (words.base_of_participle(low) and low != "letting")
        ):
            break
        parts.insert(0, low)
        at -= 1
    return " ".join(parts)


_NOUN_MODIFIERS = words.word_set(
    "ward desk account shift team line project branch support store finance warehouse service school "
    "class exam guild tour coach reservation front back office release integration security fraud "
    "compliance "
    "card policy ticket sales store shop market field site plant quality data case claim tax bank box "
    "crew ground gate hotel event help hand head lab stock order network care test"
)


def singular(phrase: str) -> str:
    """The phrase with its last word in the singular."""
    head, _, last = phrase.rpartition(" ")
    if last in _PLAIN:
        last = _PLAIN[last]
    elif last.endswith("ies") and last not in {"ties", "pies"}:
        last = f"{last[:-3]}y"
    elif last.endswith(("sses", "shes", "ches", "xes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return f"{head} {last}".strip()
