"""The signs of a promise: who will do what, judged for each future form of a sentence.

One small rule per subject. Each answers with a Sign or with nothing; what is denied, asked, hoped
or said of everybody has been turned away before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from . import acts, doubts, hints, kinds, nouns, verbs
from .acts import Act
from .conversation import Promisor
from .futures import Future
from .subjects import Who
from .wordlist import wordlist
from .words import Word


@dataclass(frozen=True, kw_only=True)
class Sign:
    """`start` and `end` count the words that show it; `says` is why, for people.

    A lookup is done in the same conversation, if that goes on: "I'll check that for you".
    """

    kind: str
    promisor: Promisor
    start: int
    end: int
    says: str
    is_formula: bool = False
    is_lookup: bool = False


_CONCRETE: Final = wordlist("refund credit replacement visit change callback repair")
_TOWARDS_YOU: Final = wordlist("you your")
_THINGS: Final = wordlist("refund credit replacement")
_PUBLIC: Final = wordlist("release make build create present plan")
_ARTICLES: Final = wordlist("the a an this that these those some")
_PEOPLE: Final = nouns.TEAM | nouns.VISITOR
_OURS: Final = wordlist("our my")
_NAMES: Final = 6
_DEFINITE: Final = wordlist("the this that it them these those your you")
_DELIVERS: Final = wordlist(
    """
    send circulate forward email mail fax wire pay drop bring walk call contact prepare draft
    distribute share provide get set handle arrange schedule ship deliver courier copy post
    """
)
_MINE: Final = wordlist("me my us mine")
_TOUCH: Final = wordlist("you touch contact back")
_CONTACTS: Final = wordlist(
    """
    contact call email phone ring reach text message write reply respond be get follow update
    notify inform advise visit come let telephone mail meet collect pick
    """
)
_HANDS: Final = wordlist("send bring deliver pay issue refund reimburse offer ship post mail")
_HANDED: Final = _HANDS | wordlist("apply add process release return deposit transfer load")
_MACHINES: Final = wordlist(
    """
    app system website site page link tool browser phone device computer software id card wizard
    bot button code program screen router machine option update setting settings feature portal
    """
)
_HELPS: Final = wordlist("assist help support")
_LOOKUPS: Final = wordlist("check see find search verify pull")
_IT: Final = wordlist("it that them this")
_GETS: Final = wordlist("receive get have receiving getting expect notice")
_HEARS: Final = frozenset({"hear", "hearing"})
_SEES: Final = frozenset({"see", "seeing", "find"})
_TOLD: Final = wordlist(
    """
    contacted notified informed refunded credited called compensated reimbursed updated emailed
    rebooked advised telephoned phoned texted messaged paid repaid upgraded transferred moved
    assigned visited alerted rung
    """
)
_ARRIVES: Final = wordlist(
    """
    arrive land reach follow post credit reflect appear show clear ship come go hit drop turn
    arriving landing following posting coming going shipping appearing
    showing
    """
)
_HOLDS: Final = wordlist(
    "charge charges hold holds authorization authorisation payment fee pending it that"
)
_READY: Final = wordlist(
    """
    ready with done there complete active waiting on in out yours back working running online
    available
    """
)


def of(words: Sequence[Word], future: Future) -> Sign | None:
    """The sign that a future form gives, if it gives one."""
    if future.is_denied or future.is_asked or doubts.is_doubted(words, future):
        return None
    if future.form == "is doing" and not hints.is_ahead(words, future.verb_at):
        return None
    if future.form == "would" and not hints.is_as_good_as_will(words, future):
        return None
    found = _RULES[future.subject.who](words, future)
    if found is None and future.at == 0:
        return _thing(words, future)  # "Should be with you by noon"
    if found is None and future.subject.is_shared and future.form == "will":
        return _agent(words, future)  # "Thanks for the wait and will call": who is left out
    return found


def _agent(words: Sequence[Word], future: Future) -> Sign | None:
    """ "I will send", "we're going to refund", "Will do"."""
    done = acts.all_of(words, future.verb_at)
    act = kinds.main(done) or _unlisted(words, future)
    if act is None or not _is_owed(words, future, act):
        return None
    is_asked_of_others = act.verb in ("have", "get") and act.kind == "callback"
    promisor: Promisor = "team" if is_asked_of_others else "agent"
    sign = _sign(future, act, promisor=promisor, says="says what they will do")
    is_all = all(each.verb in _LOOKUPS for each in done)
    return replace(sign, is_lookup=is_all and not hints.has_time(words, future.verb_at))


def _unlisted(words: Sequence[Word], future: Future) -> Act | None:
    has_time = hints.has_time(words, future.verb_at)
    act = acts.unknown(words, future.verb_at, has_time=has_time)
    return act and kinds.of_unknown(words, act)


def _is_owed(words: Sequence[Word], future: Future, act: Act) -> bool:
    """Whether enough is said to hold the agent to it."""
    has_time = hints.has_time(words, future.verb_at)
    is_here = act.verb in _HELPS and hints.is_today(words, act.start)
    if acts.is_nothing(act) or is_here or (hints.is_at_once(words) and not has_time):
        return False
    if act.is_polite:
        return act.kind in _CONCRETE and has_time
    if act.is_aid or future.form == "should":
        return has_time
    if act.kind == "followup" and hints.is_enabled(words, future.verb_at):
        return has_time
    if act.is_sure:
        return True
    return has_time or bool(_TOWARDS_YOU & {word.text for word in words[act.start : act.end + 6]})


def _team(words: Sequence[Word], future: Future) -> Sign | None:
    """ "Our engineers will call you", "a technician will be out tomorrow"."""
    is_somebody = future.subject.who is Who.THEY or future.subject.head in _PEOPLE
    if is_somebody and future.it not in _THINGS and hints.is_there_then(words, future.verb_at):
        return _visit(future)
    return _work_of_team(words, future)


def _work_of_team(words: Sequence[Word], future: Future) -> Sign | None:
    """ "Someone will be in touch"; "they will refund me" is told by who is owed it."""
    act = kinds.main(acts.all_of(words, future.verb_at))
    if act is None or acts.is_nothing(act):
        return _thing(words, future)
    if (act.is_polite and act.kind not in _CONCRETE) or _is_for_the_writer(words, act):
        return None
    if act.is_aid and "able" in {word.text for word in words[future.verb_at : act.start]}:
        return None
    if not act.is_sure and not hints.has_time(words, future.verb_at):
        return None
    return _sign(future, act, promisor="team", says="says what somebody of the company will do")


def _visit(future: Future) -> Sign:
    """ "A technician will be out tomorrow", "the team will come on Monday"."""
    start = future.at if future.subject.is_shared else future.subject.start
    says = "says when somebody will be there"
    return Sign(kind="visit", promisor="team", start=start, end=future.verb_at + 1, says=says)


def _is_for_the_writer(words: Sequence[Word], act: Act) -> bool:
    """ "They will refund me": told by somebody who is owed it."""
    follows = {word.text for word in words[act.start + 1 : act.start + 3]}
    return bool(follows & _MINE) and not _TOWARDS_YOU & follows


def _they(words: Sequence[Word], future: Future) -> Sign | None:
    """ "She will call you", "they'll be shipped"."""
    return _team(words, future) or _thing(words, future)


def _named(words: Sequence[Word], future: Future) -> Sign | None:
    """Somebody or something we do not know: what is done has to be meant for the customer."""
    act = kinds.main(acts.all_of(words, future.verb_at))
    if act and act.is_sure and _is_towards_you(words, future, act):
        return _sign(future, act, promisor="team", says="says who will do something")
    done = acts.passive(words, future.verb_at)
    opens = words[future.subject.start].text
    if act and _is_our_work(words, future, act):
        return _sign(future, act, promisor="team", says="says who will do something")
    if done and _is_done_for_you(words, done, opens) and hints.fits(future.subject.head, done):
        return _sign(future, done, promisor="team", says="says what will be done")
    return None


def _is_done_for_you(words: Sequence[Word], done: Act, opens: str) -> bool:
    """ "Your badge will be renewed", "the grant will be paid to you"; not "the hall will be"."""
    if not done.kind or done.verb in _PUBLIC:
        return False
    if opens == "the":
        follows = {word.text for word in words[done.start : done.end + 5]}
        return done.kind in _CONCRETE - {"change"} or bool(_TOWARDS_YOU & follows)
    return opens in ("a", "an", "your", "another", "new")


def _is_our_work(words: Sequence[Word], future: Future, act: Act) -> bool:
    """ "Ana will circulate the minutes", "our trainee will drop it off": what one hands on."""
    first, last = words[future.subject.start], words[future.subject.end - 1]
    is_name = first.is_name and first.text not in _ARTICLES and words[future.at].text != "shall"
    is_one_of_us = first.text in _OURS or (is_name and len(_name(words, future)) < _NAMES)
    if _is_for_the_writer(words, act) or acts.is_nothing(act):
        return False
    if not is_one_of_us or act.verb not in _DELIVERS or future.subject.head in _MACHINES:
        return False
    follows = [word.text for word in words[act.start + 1 : act.start + 4]]
    has_object = bool(_DEFINITE.intersection(follows)) and last.text not in _MACHINES
    return has_object or hints.has_time(words, act.start)


def _name(words: Sequence[Word], future: Future) -> Sequence[Word]:
    return words[future.subject.start : future.at]


def _is_towards_you(words: Sequence[Word], future: Future, act: Act) -> bool:
    """ "Ana will call you", "the bank will send you"; not what a page or an app does by itself."""
    if future.subject.head in _MACHINES:
        return False
    reach = [word.text for word in words[act.start + 1 : act.end + 4]]
    if act.verb in _CONTACTS:
        return bool(_TOUCH.intersection(reach)) and act.kind in ("followup", "callback", "visit")
    return act.verb in _HANDS and reach[:1] == ["you"]


def _you(words: Sequence[Word], future: Future) -> Sign | None:
    """ "You will receive a voucher", "you should hear from us", "you'll be refunded"."""
    place = future.verb_at
    while place < len(words) and (verbs.is_adverb(words[place].text) or words[place].text == "be"):
        place += 1
    if place >= len(words):
        return None
    kind = _received(words, future, place)
    if not kind:
        return None
    return Sign(
        kind=kind,
        promisor="agent" if hints.is_ours(words, place + 1) else "team",
        start=future.subject.start,
        end=place + 1,
        says="says what the customer will get",
    )


def _received(words: Sequence[Word], future: Future, place: int) -> str:
    verb = words[place].text
    if verb in _HEARS:
        reach = {word.text for word in words[place : place + 8]}
        return "followup" if reach & {"from", "back", "something", "more"} else ""
    done = acts.passive(words, future.verb_at)
    if done:
        return done.kind if {verb, done.verb} & _TOLD or words[place + 1].text in _TOLD else ""
    if place + 1 < len(words) and words[place + 1].text == "to":
        return ""
    return _of_what_is_got(words, place, it=future.it)


def _of_what_is_got(words: Sequence[Word], place: int, *, it: str) -> str:
    verb = words[place].text
    is_it = place + 1 < len(words) and words[place + 1].text in _IT
    kind = it if is_it else kinds.of_nouns(words, place + 1)
    if verb in ("receive", "receiving") and hints.has_time(words, place):
        return kind or "other"
    if verb in ("have", "get") and is_it:
        return (kind or "other") if hints.has_time(words, place) else ""
    if verb in _GETS and kind:
        return kind
    if verb in _GETS and not kind and hints.has_time(words, place):
        return "followup" if hints.is_from_us(words, place + 1) else ""
    is_seen = hints.is_on_account(words, place) or hints.has_time(words, place)
    return kind if verb in _SEES and is_seen else ""


def _thing(words: Sequence[Word], future: Future) -> Sign | None:
    """ "Your refund will be processed", "the parcel should arrive", "this will be fixed"."""
    done = acts.passive(words, future.verb_at)
    if done and done.kind != "" and hints.fits(future.subject.head, done):
        act = kinds.of_thing(future.subject.head, done)
        if future.it in _THINGS and done.verb in _HANDED:
            act = replace(act, kind=future.it)
        return _sign(future, act, promisor="team", says="says what will be done")
    return _arrival(words, future)


def _arrival(words: Sequence[Word], future: Future) -> Sign | None:
    place = future.verb_at
    while place < len(words) and (verbs.is_adverb(words[place].text) or words[place].text == "be"):
        place += 1
    if place >= len(words):
        return None
    is_state = words[place].text in _READY and words[place - 1].text == "be"
    comes = words[place].text in _ARRIVES and hints.comes_to_you(words, place)
    arrives = comes or (is_state and hints.is_handed_over(words, place))
    takes = words[place].text == "take" and hints.has_time(words, place)
    kind = "repair" if hints.is_working(words, place) else _kind_of_what_comes(future)
    if takes and not kind:
        kind = kinds.of_nouns(words, place, reach=12, past=("for",))
    is_it = future.subject.who is Who.IT or future.subject.is_left_out
    if future.subject.head in _HOLDS and hints.drops_off(words, place):
        kind, arrives = "refund", True
    if future.subject.who is Who.THEY and not hints.has_time(words, place):
        return None
    if not kind and not (is_it and hints.has_time(words, place)):
        return None
    if not arrives and not (takes and kind in ("refund", "replacement", "credit")):
        return None
    return Sign(
        kind=kind or "other",
        promisor="team",
        start=future.subject.start,
        end=place + 1,
        says="says when it will be there",
    )


def _kind_of_what_comes(future: Future) -> str:
    """Of "it": of what was named last, as in "I'll order a new card, it should be there soon"."""
    if future.subject.who is Who.THEY:
        return future.it if future.it in _THINGS else ""
    return future.it if future.subject.who is Who.IT else kinds.of_noun(future.subject.head)


def _nobody(words: Sequence[Word], future: Future) -> Sign | None:
    return _named(words, future) if future.subject.head else None


def _sign(future: Future, act: Act, *, promisor: Promisor, says: str) -> Sign:
    comes = future.subject.head in nouns.VISITOR or future.it == "visit"
    if (act.kind, act.verb) == ("visit", "be") and not comes:
        act = replace(act, kind="followup")  # "We'll be with you shortly", as one writes
    is_near = not (future.subject.is_left_out or future.subject.is_shared)
    start = future.subject.start if is_near else future.at
    return Sign(kind=act.kind, promisor=promisor, start=start, end=act.end, says=says)


_RULES: Final[dict[Who, Callable[[Sequence[Word], Future], Sign | None]]] = {
    Who.AGENT: _agent,
    Who.TEAM: _team,
    Who.THEY: _they,
    Who.YOU: _you,
    Who.IT: _thing,
    Who.THING: _thing,
    Who.NAMED: _named,
    Who.OTHER: _nobody,
}
