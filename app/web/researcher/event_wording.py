"""What the log says, in words: one sentence for every kind of event."""

from collections.abc import Callable, Mapping, Sized
from typing import Final

from app.domain.event import Event, EventKind
from app.domain.messages import N_, Sentence
from app.domain.moderation import Moderation
from app.domain.round import RoundKind

_KINDS: Final[dict[str, str]] = {
    EventKind.STUDY_BEGUN: N_("began the study"),
    EventKind.STUDY_IMPORTED: N_(
        "imported the study (statements: %(n_statements)s, panelists: %(n_panelists)s)"
    ),
    EventKind.STUDY_EXPORTED: N_("took the study out as files (version %(version)s of the protocol)"),
    EventKind.DESIGN_CHANGED: N_("changed the design of the study"),
    EventKind.CONTACT_CORRECTED: N_("corrected the contact of the study, because: %(reason)s"),
    EventKind.PROFILE_QUESTIONS_CHANGED: N_("changed the profile questions"),
    EventKind.OPEN_QUESTIONS_CHANGED: N_("changed the open questions"),
    EventKind.PROTOCOL_FROZEN: N_("froze version %(version)s of the protocol"),
    EventKind.PROTOCOL_AMENDED: N_("amended the protocol"),
    EventKind.PANELISTS_ADDED: N_("put people on the panel (%(n_panelists)s)"),
    EventKind.PANELIST_CORRECTED: N_("corrected somebody on the mail list"),
    EventKind.LINK_RENEWED: N_("sent somebody a new personal link in place of the old one"),
    EventKind.MAIL_SENT_AGAIN: N_("sent an e-mail that had not arrived once more"),
    EventKind.LINKS_ISSUED: N_("issued personal links (%(n_links)s)"),
    EventKind.LINK_REVOKED: N_("revoked the personal link of %(panelist)s"),
    EventKind.LINKS_HANDED_OUT: N_("took out a list of names, addresses and personal links (%(n_links)s)"),
    EventKind.LINK_DISOWNED: N_("was told that a personal link or page was in other hands"),
    EventKind.ROUND_OPENED: N_("opened round %(round)s (statements: %(n_asked)s)"),
    EventKind.ROUND_CLOSED: N_("closed round %(round)s"),
    EventKind.ROUND_ANALYSED: N_("had the figures of round %(round)s computed"),
    EventKind.GROUPING_ANALYSED: N_(
        "had the figures of round %(round)s computed by another grouping (%(grouping)s)"
    ),
    EventKind.ROUND_FINISHED: N_("finished round %(round)s"),
    EventKind.COMMENTS_MODERATED: N_("released comments of round %(round)s (%(n_moderated)s)"),
    EventKind.FEEDBACK_RELEASED: N_("released the feedback of round %(round)s"),
    EventKind.NEXT_ROUND_PLANNED: N_("told the panel when round %(round)s is planned to open"),
    EventKind.OPENING_HINDERED: N_("could not open round %(round)s at its moment"),
    EventKind.DEADLINE_EXTENDED: N_(
        "put off the deadline of round %(round)s (e-mails: %(n_told)s), because: %(reason)s"
    ),
    EventKind.REMINDERS_SENT: N_("sent reminders of round %(round)s (%(n_panelists)s)"),
    EventKind.CARRY_FORWARD_OVERRIDDEN: N_(
        "decided that round %(round)s leaves statement %(statement)s out, because: %(reason)s"
    ),
    EventKind.CARRY_FORWARD_RESTORED: N_("let the rule decide again on statement %(statement)s"),
    EventKind.STUDY_CONCLUDED: N_("concluded the study"),
    EventKind.PANELIST_ENTERED: N_("entered by the personal link"),
    EventKind.CONSENT_GIVEN: N_("consented to take part"),
    EventKind.CONSENT_DECLINED: N_("declined to take part"),
    EventKind.DECLINED_FOR_GOOD: N_("declined for good"),
    EventKind.PANELIST_WITHDREW: N_("withdrew from the study"),
    EventKind.PROFILE_ANSWERED: N_("answered profile questions (%(n_questions)s)"),
    EventKind.LANGUAGE_CHOSEN: N_("chose another language"),
    EventKind.RATINGS_SAVED: N_(
        "saved in round %(round)s (ratings: %(n_ratings)s, comments: %(n_comments)s)"
    ),
    EventKind.OPEN_ANSWERS_SAVED: N_("saved in round %(round)s (answers to open questions: %(n_answers)s)"),
    EventKind.QUESTIONNAIRE_SUBMITTED: N_("handed in the questionnaire of round %(round)s"),
    EventKind.RESEARCHER_JOINED: N_("made %(researcher)s %(role)s of the study"),
    EventKind.COLLEAGUE_INVITED: N_("invited a colleague as %(role)s"),
    EventKind.INVITATION_WITHDRAWN: N_("withdrew an invitation"),
    EventKind.INVITATION_ACCEPTED: N_("accepted an invitation as %(role)s"),
    EventKind.COLLEAGUE_REMOVED: N_("removed %(researcher)s from the study"),
    EventKind.PSEUDONYM_LIFTED: N_("looked up who %(panelist)s is, because: %(reason)s"),
    EventKind.STATEMENT_ADDED: N_("added statement %(statement)s"),
    EventKind.STATEMENT_EDITED: N_("edited statement %(statement)s"),
    EventKind.STATEMENT_REWORDED: N_(
        "gave statement %(statement)s a new wording (version %(version)s), because: %(reason)s"
    ),
    EventKind.STATEMENT_SPLIT: N_("split statement %(statement)s into %(into)s"),
    EventKind.STATEMENTS_MERGED: N_("merged statements %(merged)s into %(into)s"),
    EventKind.STATEMENT_WITHDRAWN: N_("withdrew statement %(statement)s"),
    EventKind.STATEMENT_RESTORED: N_("restored statement %(statement)s"),
    EventKind.STATEMENTS_ORDERED: N_("put the statements in another order"),
    EventKind.STATEMENTS_IMPORTED: N_("imported statements (new: %(n_new)s, changed: %(n_changed)s)"),
    EventKind.TOPICS_CHANGED: N_("changed the topics"),
    EventKind.EVIDENCE_CHANGED: N_("wrote evidence card %(card)s"),
    EventKind.EVIDENCE_REMOVED: N_("removed evidence card %(card)s"),
    EventKind.THEME_ADDED: N_("added the theme “%(theme)s”"),
    EventKind.THEME_CHANGED: N_("changed the theme “%(theme)s”"),
    EventKind.THEMES_ORDERED: N_("moved the theme “%(theme)s”"),
    EventKind.THEMES_MERGED: N_("merged the theme “%(theme)s” into “%(into)s”"),
    EventKind.THEME_REMOVED: N_("removed the theme “%(theme)s” (texts that had it: %(n_pieces)s)"),
    EventKind.THEME_MATCHED: N_("matched the theme “%(theme)s” with statements (now: %(matched_with)s)"),
    EventKind.MATERIAL_CODED: N_("coded a text (%(about)s)"),
    EventKind.MATERIAL_BROUGHT_IN: N_("brought in texts from elsewhere (%(n_pieces)s)"),
    EventKind.MATERIAL_REMOVED: N_("removed a text that was brought in from elsewhere"),
    EventKind.AUDIENCES_CHANGED: N_("changed the audiences of the recommendations"),
    EventKind.RECOMMENDATION_WRITTEN: N_("wrote recommendation %(recommendation)s"),
    EventKind.RECOMMENDATION_CHANGED: N_("changed recommendation %(recommendation)s"),
    EventKind.RECOMMENDATION_MOVED: N_("moved recommendation %(recommendation)s"),
    EventKind.RECOMMENDATION_REMOVED: N_("removed recommendation %(recommendation)s"),
    EventKind.REPORT_DOWNLOADED: N_("took the report out: %(files)s"),
}

_Payload = Mapping[str, object]

_SPECIAL: Final[tuple[tuple[EventKind, Callable[[_Payload], object], str], ...]] = (
    (
        EventKind.ROUND_OPENED,
        lambda payload: payload.get("kind") == RoundKind.OPEN,
        N_("opened round %(round)s (open questions: %(n_questions)s)"),
    ),
    (
        EventKind.ROUND_OPENED,
        lambda payload: "planned_by" in payload,
        N_("opened round %(round)s as %(planned_by)s had planned (statements: %(n_asked)s)"),
    ),
    (
        EventKind.NEXT_ROUND_PLANNED,
        lambda payload: payload.get("by_itself"),
        N_("planned that round %(round)s opens by itself"),
    ),
    (
        EventKind.NEXT_ROUND_PLANNED,
        lambda payload: payload.get("opens_at") is None,
        N_("took back when round %(round)s is planned to open"),
    ),
    (
        EventKind.CARRY_FORWARD_OVERRIDDEN,
        lambda payload: payload.get("asks"),
        N_("decided that round %(round)s asks about statement %(statement)s, because: %(reason)s"),
    ),
    (
        EventKind.STUDY_CONCLUDED,
        lambda payload: payload.get("reason"),
        N_("concluded the study against the stopping rule, because: %(reason)s"),
    ),
    (
        EventKind.LINK_REVOKED,
        lambda payload: "panelist" not in payload,
        N_("revoked somebody’s personal link"),
    ),
    (
        EventKind.STATEMENT_ADDED,
        lambda payload: payload.get("pieces"),
        N_("added statement %(statement)s, written from coded texts (%(n_sources)s)"),
    ),
    (
        EventKind.COMMENTS_MODERATED,
        lambda payload: payload.get("moderation") == Moderation.WITHHELD,
        N_("withheld a comment of round %(round)s"),
    ),
    (
        EventKind.COMMENTS_MODERATED,
        lambda payload: payload.get("moderation") == Moderation.REDACTED,
        N_("redacted a comment of round %(round)s"),
    ),
    (
        EventKind.RESEARCHER_JOINED,
        lambda payload: payload.get("sees_mail_list"),
        N_("made %(researcher)s %(role)s of the study, with the mail list"),
    ),
    (
        EventKind.STUDY_EXPORTED,
        lambda payload: "n_panelists" in payload,
        N_("took the study out as files, with names and addresses (%(n_panelists)s)"),
    ),
    (
        EventKind.COLLEAGUE_INVITED,
        lambda payload: payload.get("sees_mail_list"),
        N_("invited a colleague as %(role)s, with the mail list"),
    ),
    (
        EventKind.INVITATION_ACCEPTED,
        lambda payload: payload.get("sees_mail_list"),
        N_("accepted an invitation as %(role)s, with the mail list"),
    ),
)
"""What is said instead of the usual sentence of a kind, where its facts are so."""


def event_sentence(event: Event, names: Mapping[str, str], roles: Mapping[str, str]) -> Sentence:
    """What somebody did, to stand after their name.

    Parameters
    ----------
    event
        An entry of the log; of a kind unknown here, the kind itself is shown.
    names
        Researchers' names by their actor.
    roles
        The words for roles, in the reader's language.
    """
    message = _message_of(event)
    if message is None:
        return Sentence("%(kind)s", {"kind": event.kind})
    facts = {name: read(event.payload) for name, read in _FACTS.items() if f"%({name})s" in message}
    if "researcher" in facts:
        actor = f"researcher:{event.payload.get('researcher')}"
        facts["researcher"] = names.get(actor, actor)
    if "planned_by" in facts:
        facts["planned_by"] = names.get(str(facts["planned_by"]), facts["planned_by"])
    if "role" in facts:
        facts["role"] = roles.get(str(facts["role"]), facts["role"])
    return Sentence(message, facts)


def _message_of(event: Event) -> str | None:
    for kind, is_so, message in _SPECIAL:
        if event.kind == kind and is_so(event.payload):
            return message
    return _KINDS.get(event.kind)


def _plain(name: str) -> Callable[[Mapping[str, object]], object]:
    return lambda payload: payload.get(name, "?")


def _count(name: str) -> Callable[[Mapping[str, object]], object]:
    def count(payload: Mapping[str, object]) -> object:
        listed = payload.get(name, ())
        return len(listed) if isinstance(listed, Sized) else "?"

    return count


def _listed(name: str) -> Callable[[Mapping[str, object]], object]:
    def listed(payload: Mapping[str, object]) -> object:
        found = payload.get(name, "?")
        return ", ".join(map(str, found)) if isinstance(found, list) else found

    return listed


def _files(payload: Mapping[str, object]) -> object:
    listed = payload.get("sha256", ())
    return ", ".join(listed) if isinstance(listed, Mapping) else "?"


_FACTS: Final[dict[str, Callable[[Mapping[str, object]], object]]] = {
    **{
        name: _plain(name)
        for name in (
            "round",
            "version",
            "panelist",
            "n_statements",
            "n_panelists",
            "n_moderated",
            "researcher",
            "role",
            "reason",
            "statement",
            "grouping",
            "card",
            "recommendation",
            "theme",
            "about",
            "n_pieces",
            "n_told",
            "planned_by",
        )
    },
    "n_links": _count("panelists"),
    "n_asked": _count("statements"),
    "n_questions": _count("questions"),
    "n_ratings": _count("ratings"),
    "n_comments": _count("comments"),
    "n_answers": _count("answers"),
    "files": _files,
    "into": _listed("into"),
    "merged": _listed("statements"),
    "matched_with": _count("statements"),
    "n_sources": _count("pieces"),
    "n_new": _count("new"),
    "n_changed": _count("changed"),
}
