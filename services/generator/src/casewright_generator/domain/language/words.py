"""English verb forms and word lists, just enough to turn a requirement into instructions.

A closed list instead of a tagger: a word that isn't listed is left alone, and the sentence is quoted
rather than bent.
"""

from functools import cache

from casewright_generator.domain.language.masking import mask


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for lists that are easier to read without quotation marks."""
    return frozenset(text.split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a text, separated by `|`, in order."""
    return tuple(phrase.strip() for phrase in text.split("|"))


_VERBS = """
mean abort accept access acknowledge activate adapt add adjust agree allow alter analyse analyze annotate
answer appear append apply approve archive arrive ask assign attach attempt attend authenticate
authorise authorize back backup ban be become begin belong bind block book bookmark boot break browse
buffer build buy bypass cache calculate call cancel cast catch change charge check choose claim clean
clear click clone close collapse collect come comment commit communicate compare compile complete
compose compress compute conduct configure confirm connect consume contact contain continue control
convert copy correct count cover crash create crop cut deactivate debit decide decline decode decompress
decrease decrypt deduct default define delay delegate delete deliver deny depend deploy deprecate derive
describe deselect destroy detach detect determine disable disallow disappear discard disconnect discover
dismiss dispatch display dock download drag draw drop duplicate echo edit eject email embed emit enable
encode encounter encrypt end enforce enlarge enrol enroll ensure enter escape evaluate exceed exclude
execute exist exit expand expect expire export expose extend extract fail fall favorite favour feed
fetch fill filter find finish fire fit fix flag flip focus follow forbid force forget format forward
free generate get give go grant group guarantee halt handle hang happen have help hide highlight hit
hold host hover identify ignore implement import improve include increase increment indicate inform
inherit initialise initialize inject insert inspect install instantiate interact interrupt invalidate
invite invoke issue join jump keep kill know label land last launch lay lead leave let limit link list
listen live load localise localize locate lock log login logout look lose maintain make manage map mark
match maximise maximize measure mention merge migrate minimise minimize modify monitor mount move
multiply mute name navigate need normalize notify obtain occur offer open operate order organise
organize output override overwrite own package paginate parameterize park parse pass paste pause pay
perform permit persist pick pin place play point poll pop populate post prefill prefix prepare present
preserve press prevent preview print proceed process produce promote prompt propagate propose protect
provide provision prune publish pull purchase purge push put query queue quit quote raise rank rate
reach react read realise rebuild receive recognise recognize record recover redeem redirect redo reduce
refactor refer refresh refund refuse register reject release reload remain remember remind remove rename
render renew reopen reorder repeat replace reply report represent request require rerun reschedule
reserve reset resize resolve respond restart restore restrict result resume retain retrieve retry return
reuse revert review revoke rotate round route run save scale scan schedule scroll search see seed select
sell send separate serve set share shift ship show shrink shut sign skip sort specify split stack start
state stay stop store stream submit subscribe subtract succeed suggest supply support suppress surround
suspend swap switch sync synchronise synchronize tag take tap tell terminate test throw tick toggle
track transfer transform transition translate transmit trigger trim truncate try turn type unarchive
uncheck undeploy undo uninstall unlink unlock unmute unpublish unregister unselect unset unsubscribe
unzip update upgrade upload use validate vary verify view visit vote wait want warn watch withdraw work
wrap write zip zoom
weigh cost roll swipe tap combine downgrade reactivate flush parallelize parallelise ingest
troubleshoot setup resend reassign resubmit recalculate reprint reinstall reconnect rearrange
borrow lend rent lease hire donate deposit escalate reimburse reconcile onboard
absorb accrue acquire advertise allocate allot amend announce anonymise anonymize appoint arrange await bring
celebrate certify classify commence compensate compile comply conclude convene convey coordinate correspond
declare demote depart discharge disclose discontinue dispense distribute elapse employ endorse evacuate
exhaust expel finalise finalize forfeit freeze fulfil gather hear identify illuminate impose inquire
instruct insure intervene itemise lapse lie lower meet negotiate nudge obey observe occupy originate
overlap overrule overtake owe participate postpone predict prevail procure prohibit prolong pursue readmit
reallocate rebook recall reclaim recur redact redeem refill regain reinstate reissue relate relocate
rely repay replenish reside resign retract reveal revive sail satisfy seize settle shorten sleep speak
stand stick summarise supersede supervise surrender thaw tolerate unblock undergo unfreeze unload
vacate vanish vibrate waive wake wash widen withhold yield glow beep interrupt audit deduct pour precede
rewind
renew remind discard tip lift match post seal merge stamp signal alert charge credit bill invoice grade trade
redeem opt clock estimate calculate round charge overdraw book dial earn spend load scan nominate answer
"""

_IRREGULAR = {  # base: (third person, past, participle, gerund); None means regular
    "be": ("is", "was", "been", "being"),
    "become": (None, "became", "become", None),
    "begin": (None, "began", "begun", "beginning"),
    "bind": (None, "bound", "bound", None),
    "break": (None, "broke", "broken", None),
    "build": (None, "built", "built", None),
    "buy": (None, "bought", "bought", None),
    "cost": (None, "cost", "cost", None),
    "lend": (None, "lent", "lent", None),
    "do": ("does", "did", "done", None),
    "troubleshoot": (None, "troubleshot", "troubleshot", None),
    "setup": ("sets up", "set up", "set up", "setting up"),
    "spend": (None, "spent", "spent", None),
    "resend": (None, "resent", "resent", None),
    "cast": (None, "cast", "cast", None),
    "catch": (None, "caught", "caught", None),
    "choose": (None, "chose", "chosen", None),
    "come": (None, "came", "come", None),
    "cut": (None, "cut", "cut", "cutting"),
    "draw": (None, "drew", "drawn", None),
    "fall": (None, "fell", "fallen", None),
    "feed": (None, "fed", "fed", None),
    "find": (None, "found", "found", None),
    "forbid": (None, "forbade", "forbidden", "forbidding"),
    "forget": (None, "forgot", "forgotten", "forgetting"),
    "get": (None, "got", "got", "getting"),
    "give": (None, "gave", "given", None),
    "go": ("goes", "went", "gone", None),
    "hang": (None, "hung", "hung", None),
    "have": ("has", "had", "had", None),
    "hide": (None, "hid", "hidden", None),
    "hit": (None, "hit", "hit", "hitting"),
    "hold": (None, "held", "held", None),
    "keep": (None, "kept", "kept", None),
    "know": (None, "knew", "known", None),
    "lay": (None, "laid", "laid", None),
    "mean": (None, "meant", "meant", None),
    "lead": (None, "led", "led", None),
    "leave": (None, "left", "left", None),
    "let": (None, "let", "let", "letting"),
    "lose": (None, "lost", "lost", None),
    "make": (None, "made", "made", None),
    "output": (None, "output", "output", "outputting"),
    "override": (None, "overrode", "overridden", None),
    "overwrite": (None, "overwrote", "overwritten", None),
    "pay": (None, "paid", "paid", None),
    "put": (None, "put", "put", "putting"),
    "quit": (None, "quit", "quit", "quitting"),
    "read": (None, "read", "read", None),
    "rebuild": (None, "rebuilt", "rebuilt", None),
    "redo": ("redoes", "redid", "redone", None),
    "rerun": (None, "reran", "rerun", "rerunning"),
    "reset": (None, "reset", "reset", "resetting"),
    "run": (None, "ran", "run", "running"),
    "see": (None, "saw", "seen", None),
    "sell": (None, "sold", "sold", None),
    "send": (None, "sent", "sent", None),
    "set": (None, "set", "set", "setting"),
    "show": (None, "showed", "shown", None),
    "shrink": (None, "shrank", "shrunk", None),
    "shut": (None, "shut", "shut", "shutting"),
    "split": (None, "split", "split", "splitting"),
    "take": (None, "took", "taken", None),
    "tell": (None, "told", "told", None),
    "throw": (None, "threw", "thrown", None),
    "undo": ("undoes", "undid", "undone", None),
    "unset": (None, "unset", "unset", "unsetting"),
    "withdraw": (None, "withdrew", "withdrawn", None),
    "write": (None, "wrote", "written", None),
    "bring": (None, "brought", "brought", None),
    "freeze": (None, "froze", "frozen", None),
    "hear": (None, "heard", "heard", None),
    "lie": (None, "lay", "lain", "lying"),
    "meet": (None, "met", "met", None),
    "overtake": (None, "overtook", "overtaken", None),
    "repay": (None, "repaid", "repaid", None),
    "rewind": (None, "rewound", "rewound", None),
    "sleep": (None, "slept", "slept", None),
    "speak": (None, "spoke", "spoken", None),
    "stand": (None, "stood", "stood", None),
    "stick": (None, "stuck", "stuck", None),
    "undergo": ("undergoes", "underwent", "undergone", None),
    "unfreeze": (None, "unfroze", "unfrozen", None),
    "wake": (None, "woke", "woken", None),
    "withhold": (None, "withheld", "withheld", None),
    "zip": (None, None, None, None),
}

_DOUBLES = word_set(
    "tip recur opt admit ban begin cancel clip commit control crop cut drag drop drip emit enrol fit "
    "flag flip "
    "get hit let log map occur permit pin plan plug pop program put quit refer rerun run scan set "
    "ship shut skip snap split stop submit swap tag tap transfer trim unplug unset unzip unwrap wrap zip"
)

_NOUNS_TOO = word_set(
    "access answer attempt error back block book bookmark boot break buffer build cache call change "
    "charge check claim clone "
    "comment commit contact control copy count cover cut default delay display download drag draw drop "
    "duplicate echo edit email end escape exit export feed fetch file fill filter find fire fit fix flag "
    "focus force "
    "format forward free group halt handle help hit hold host import increase issue join jump keep kill "
    "label land last launch "
    "lead limit link list live load lock log login logout look map mark match measure mention merge "
    "mount move name "
    "need offer open order output package park pass paste pause pay pick pin place play point poll pop post "
    "prefix present press preview print process prompt pull purchase purge push query queue quote raise "
    "rank rate reach read record redirect refund register release reload repeat reply report request "
    "reserve reset result "
    "resume retry return review round route run save scale scan schedule scroll search seed select set "
    "share shift ship show sign "
    "sort split stack start state stay stop store stream submit supply support swap switch sync tag tap test "
    "tick toggle track transfer transform trigger trim try turn type update upgrade upload use view "
    "visit vote "
    "wait want watch work wrap zip zoom cost charge estimate round address clear clean "
    "complete correct own separate secure tip lift seal stamp signal alert credit bill invoice grade "
    "trade audit beep recall lower"
)
"""Verbs that are as often nouns or adjectives: only context tells."""

HARDLY_NOUNS = word_set("show need stay open keep return move")
"""Of these, those that are verbs wherever a clause could end before them."""

INTRANSITIVE = word_set(
    "appear arrive be become belong come crash depend disappear exist exit expire fail fall finish go "
    "hang happen "
    "interact last live log login logout look occur proceed quit react remain reply respond result scroll "
    "sign stay succeed vary wait work navigate communicate vote log"
)

STATIVE = word_set(
    "weigh cost be have exist contain belong depend know need own hold want remain stay include"
)

MODALS = word_set(
    "must should shall will would can could may might cannot can't mustn't shouldn't won't couldn't wouldn't"
)

AUXILIARIES = MODALS | word_set(
    "is are was were am be isn't aren't wasn't weren't has have had hasn't haven't do does did don't doesn't "
    "didn't gets get"
)

DETERMINERS = word_set(
    "a an the this that these those my your his her its our their each every all any some no both either "
    "another such one two three only same new"
)

PREPOSITIONS = word_set(
    "in on at to from for with without by of into onto over under between within during through via per as "
    "about after before against across along among around behind beside until upon than like inside outside"
)

PRONOUNS = word_set("i you he she it we they who someone anyone everybody everyone nobody")

RELATIVES = word_set("who which that whose where")

ACTORS = word_set(
    "user users customer customers admin admins administrator administrators teacher teachers student "
    "students "
    "manager managers visitor visitors member members guest guests owner owners editor editors buyer buyers "
    "seller sellers developer developers operator operators employee employees player players patient "
    "patients "
    "doctor doctors nurse nurses author authors reviewer reviewers approver approvers moderator moderators "
    "subscriber subscribers client clients shopper shoppers merchant merchants tester testers analyst "
    "analysts "
    "instructor instructors learner learners tutor tutors reader readers recipient recipients sender senders "
    "supervisor supervisors accountant accountants librarian librarians driver drivers applicant applicants "
    "cashier cashiers clerk clerks person persons people somebody someone anyone everyone everybody i we you "
    "he she they participant participants organizer organizers maintainer maintainers contributor "
    "contributors "
    "superuser superusers staff attendee attendees agent agents lead leads leader leaders officer "
    "officers planner planners "
    "worker workers engineer engineers technician technicians consultant consultants citizen citizens "
    "registrar "
    "registrars host hosts creator creators courier couriers tenant tenants landlord landlords parent "
    "parents pupil "
    "pupils secretary secretaries lecturer lecturers picker pickers diner diners caller callers "
    "handler handlers "
    "claimant claimants policyholder policyholders traveller travellers passenger passengers borrower "
    "borrowers "
    "donor donors follower followers friend friends colleague colleagues recruiter recruiters "
    "referrer referrers "
    "housekeeper housekeepers receptionist receptionists pharmacist pharmacists surgeon surgeons physician "
    "physicians inspector inspectors auditor auditors director directors partner partners vendor vendors "
    "supplier suppliers bidder bidders consumer consumers resident residents voter voters coach coaches "
    "trainer trainers trainee trainees volunteer volunteers payer payers payee payees holder holders "
    "assignee "
    "assignees initiator initiators requester requesters submitter submitters bookkeeper bookkeepers "
    "dispatcher dispatchers caretaker caretakers man woman child children"
)
"""Nouns that name people: what they do becomes an instruction to the tester."""


def _is_vowel(letter: str) -> bool:
    return letter in "aeiou"


def _sibilant(base: str) -> bool:
    return base.endswith(("s", "x", "z", "ch", "sh", "o"))


def _consonant_y(base: str) -> bool:
    return base.endswith("y") and len(base) > 1 and not _is_vowel(base[-2])


@cache
def third_person(base: str) -> str:
    """`save` → `saves`, `copy` → `copies`."""
    irregular = _IRREGULAR.get(base)
    if irregular and irregular[0]:
        return irregular[0]
    if _consonant_y(base):
        return base[:-1] + "ies"
    return base + ("es" if _sibilant(base) else "s")


def _regular_past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    if _consonant_y(base):
        return base[:-1] + "ied"
    return base + (base[-1] if base in _DOUBLES else "") + "ed"


@cache
def participle(base: str) -> str:
    """`save` → `saved`, `choose` → `chosen`."""
    irregular = _IRREGULAR.get(base)
    return irregular[2] if irregular and irregular[2] else _regular_past(base)


@cache
def gerund(base: str) -> str:
    """`save` → `saving`, `log` → `logging`."""
    irregular = _IRREGULAR.get(base)
    if irregular and irregular[3]:
        return irregular[3]
    if base.endswith("ie"):
        return base[:-2] + "ying"
    if base.endswith("e") and not base.endswith("ee"):
        return base[:-1] + "ing"
    return base + (base[-1] if base in _DOUBLES else "") + "ing"


VERBS = frozenset(_VERBS.split())
_BY_THIRD = {third_person(verb): verb for verb in sorted(VERBS)}
_BY_PARTICIPLE = {participle(verb): verb for verb in sorted(VERBS)}
_BY_GERUND = {gerund(verb): verb for verb in sorted(VERBS)}
_BY_PAST = {
    (irregular[1] if (irregular := _IRREGULAR.get(verb)) and irregular[1] else _regular_past(verb)): verb
    for verb in sorted(VERBS)
}
_BY_GERUND |= {"canceling": "cancel", "labelling": "label", "travelling": "travel", "signalling": "signal"}
_BY_PARTICIPLE |= {"canceled": "cancel", "labelled": "label"}


_COMMON_NOUNS = word_set(
    "column button field link page screen dialog popup menu item option parameter argument command "
    "endpoint tooltip "
    "icon checkbox list label message text warning error notification email report chart graph table "
    "view tab panel "
    "section header footer banner toolbar wizard form gadget dashboard setting preference property "
    "attribute file image "
    "logo title description status bar shortcut key value log entry row cell password username quantity "
    "price amount "
    "order total cart age name customer account session search login result product invoice payment "
    "discount date time "
    "number size length calendar profile module source sink server component service plugin feature tool "
    "library "
    "module stream job build plan project course class forum comment discussion question quiz grade "
    "group role user "
    "issue board sprint epic version connection database schema catalog analysis pattern indicator rule "
    "data metadata "
    "content space document folder directory task subtask event message queue topic channel flow "
    "property transfer booking "
    "notification upload download export import selection new existing empty invalid valid multiple "
    "different large small "
    "long short old unknown wrong correct public private anonymous active inactive expired shipped paid "
    "pending draft"
)


@cache
def is_common(word: str) -> bool:
    """Whether the word, in lower case, is an everyday one: a capital only starts its sentence."""
    return (
        word in DETERMINERS | PREPOSITIONS | PRONOUNS | ACTORS | {"when", "if", "nothing", "there"}
        or word in _COMMON_NOUNS
        or word.removesuffix("s") in _COMMON_NOUNS
        or word.removesuffix("es") in _COMMON_NOUNS
        or bool(base_of_participle(word) or base_of_gerund(word))
        or word in GERUND_NOUNS
    )


def base_of_third(word: str) -> str:
    """`saves` → `save`; empty if it is no such form."""
    return _BY_THIRD.get(word.lower(), "")


def base_of_participle(word: str) -> str:
    """`saved` → `save`; empty if it is no such form."""
    return _BY_PARTICIPLE.get(word.lower(), "")


def base_of_past(word: str) -> str:
    """`went` → `go`; empty if it is no such form."""
    return _BY_PAST.get(word.lower(), "")


def base_of_gerund(word: str) -> str:
    """`saving` → `save`; empty if it is no such form."""
    return _BY_GERUND.get(word.lower(), "")


def is_verb(word: str) -> bool:
    """Whether `word` is the base form of a listed verb."""
    return word.lower() in VERBS


def may_be_noun(base: str) -> bool:
    """Whether the verb `base` is as often a noun."""
    return base in _NOUNS_TOO


def _doing(word: str) -> bool:
    return word.endswith("ing") and word not in GERUND_NOUNS and bool(base_of_gerund(word))


def is_plural(noun_phrase: str) -> bool:
    """Whether a noun phrase takes `are`: judged by its head, the last word before a preposition."""
    head = ""
    if noun_phrase.lower().startswith(("all of ", "both of ", "some of ")):
        noun_phrase = noun_phrase.split(" of ", 1)[1]
    if noun_phrase[:1] in "\"“'`" and noun_phrase[-1:] in "\"”'`":
        return False
    for word in mask(noun_phrase).lower().split():
        if head and word.strip("x.,") == "":
            continue
        bare = word.strip(".,;:()'\"“”\u2018\u2019")
        if head and (bare in PREPOSITIONS or bare in RELATIVES or bare in PRONOUNS or _doing(bare)):
            break
        if bare in {"and", "&"} and head:
            return True
        head = bare or head
    first = noun_phrase.lower().split()[:1]
    if first in (["a"], ["an"], ["each"], ["every"], ["this"], ["that"], ["one"]):
        return False
    if head.startswith("/"):
        return False
    if head in {"people", "children", "data", "criteria", "they", "we", "you"}:
        return head != "data"
    return head.endswith("s") and not head.endswith(("ss", "us", "is", "status", "https", "news"))


GERUND_NOUNS = word_set(
    "shipping billing setting building training meeting rating booking listing pricing mapping binding "
    "warning heading "
    "logging reporting monitoring messaging processing string settings parsing clustering scheduling testing "
    "grading tracking drawing editing packaging loading routing ordering caching"
)


def singular(noun_phrase: str) -> str:
    """With its head, the last word before a preposition, in the singular."""
    parts = noun_phrase.split(" ")
    at = next((n for n, part in enumerate(parts) if n and part.lower() in PREPOSITIONS), len(parts)) - 1
    head = parts[at]
    lowered = head.lower()
    if lowered == "people":
        head = "person"
    elif lowered.endswith("ies") and len(lowered) > len("pies"):
        head = head[:-3] + "y"
    elif lowered.endswith(("sses", "xes", "ches", "shes")):
        head = head[:-2]
    elif lowered.endswith("s") and not lowered.endswith(("ss", "us", "is")):
        head = head[:-1]
    return " ".join([*parts[:at], head, *parts[at + 1 :]])


def plural(noun: str) -> str:
    """`item` → `items`, `entry` → `entries`."""
    lowered = noun.lower()
    if lowered == "person" or lowered.endswith("people"):
        return "people"
    if lowered.endswith(("s", "data")) and not lowered.endswith("ss"):
        return noun
    if lowered.endswith(("photo", "video", "logo", "memo", "demo", "promo")):
        return f"{noun}s"
    return noun[: len(noun) - len(lowered)] + third_person(noun)


def with_article(noun: str) -> str:
    """With `a` or `an`; a plural and what has an article stay."""
    if is_plural(noun) or noun.lower().startswith(("the ", "a ", "an ")):
        return noun
    vowel = noun[:1].lower() in "aeio" or noun.lower().startswith(("upload", "under", "un"))
    return f"an {noun}" if vowel else f"a {noun}"


def is_are(noun_phrase: str) -> str:
    """`is` or `are` for the noun phrase."""
    return "are" if is_plural(noun_phrase) else "is"


def has_have(noun_phrase: str) -> str:
    """`has` or `have` for the noun phrase."""
    return "have" if is_plural(noun_phrase) else "has"
