"""Reminding those who have not handed in: who would get what, and only then the sending."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.domain.errors import ActionBlocked, DomainError
from app.domain.messages import N_, Sentence
from app.domain.reminding import MOST_REMINDERS, REMINDER_PAUSE, PreviewOutdated, Remindable
from app.services.reminding import ReminderPreview, read_reminder_preview, send_reminders
from app.web.researcher.desk import Room, RoundNumber, StudyDesk, find_study_desk, read_form
from app.web.researcher.figures import GroupLabel, StudyWords
from app.web.researcher.pages import whole_number
from app.web.shared.parts import Column, Crumb
from app.web.shared.refusals import answer_to
from app.web.shared.state import clock_of, database_of, settings_of
from app.web.shared.submission import SentForm
from app.web.shared.words import error_in_words

router = APIRouter()

STANDINGS: Final[dict[Remindable, str]] = {
    Remindable.DUE: N_("Get it now"),
    Remindable.WRITTEN_LATELY: N_("Had an e-mail lately"),
    Remindable.REMINDED_ENOUGH: N_("Reminded often enough"),
    Remindable.UNREACHABLE: N_("No e-mail arrives"),
}


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """How many of one group and language have not handed in, by whether they are reminded."""

    label: GroupLabel | None
    language: str
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LetterShown:
    """A letter as it will read in one language; its link is left out."""

    language: str
    subject: str
    paragraphs: tuple[str, ...]
    link_words: str
    after: tuple[str, ...]
    closing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemindPage:
    """Who would be reminded, counted, and what they would read; `refused` says why it was not sent."""

    round_number: int
    n_due: int
    columns: tuple[Column, ...]
    lines: tuple[ReminderLine, ...]
    total: tuple[int, ...]
    letters: tuple[LetterShown, ...]
    last_at: datetime | None
    last_n: int
    pause_days: int
    most: int
    blockers: tuple[Sentence, ...]
    refused: str
    zone: str
    action: str
    cancel_href: str


@router.get("/research/{slug}/rounds/{number}/remind")
def preview_reminder(request: Request, slug: str, number: RoundNumber) -> Response:
    """Show who would be reminded, and of what; nothing is sent."""
    return _show(find_study_desk(request, slug, Room.ROUNDS), number)


@router.post("/research/{slug}/rounds/{number}/remind")
def remind(
    request: Request, slug: str, number: RoundNumber, form: Annotated[SentForm, Depends(read_form)]
) -> Response:
    """Send what was looked at."""
    desk = find_study_desk(request, slug, Room.ROUNDS)
    try:
        send_reminders(
            database_of(request),
            clock_of(request),
            slug,
            desk.actor,
            number,
            n_seen=whole_number(form.one("n_seen"), otherwise=0),
            sends_mail=settings_of(request).sends_mail,
        )
    except (ActionBlocked, PreviewOutdated) as refusal:
        return _show(desk, number, refusal)
    return desk.go(Room.ROUNDS, number, done="reminded")


def _show(desk: StudyDesk, number: int, refusal: DomainError | None = None) -> Response:
    request = desk.request
    preview = read_reminder_preview(
        database_of(request), clock_of(request), desk.slug, number, sends_mail=settings_of(request).sends_mail
    )
    page = _page(desk, preview, error_in_words(refusal, desk.locale) if refusal else "")
    crumb = Crumb(desk.say(N_("Round %(round)s")) % {"round": number}, desk.path(Room.ROUNDS, number))
    here = desk.inside(crumb, Crumb(desk.say(N_("Remind"))))
    return here.show("remind.html", page, status=answer_to(refusal).status if refusal else 200)


def _page(desk: StudyDesk, preview: ReminderPreview, refused: str) -> RemindPage:
    words, number = StudyWords(preview.protocol, desk.locale), preview.round.number
    lines = tuple(
        ReminderLine(words.group(group), language, _counts(preview, group, language))
        for group in preview.protocol.group_codes
        for language in preview.study.languages
        if any(_counts(preview, group, language))
    )
    return RemindPage(
        round_number=number,
        n_due=preview.n_due,
        columns=(
            Column(desk.say(N_("Group"))),
            Column(desk.say(N_("Language"))),
            *(Column(desk.say(label), "number") for label in STANDINGS.values()),
        ),
        lines=lines,
        total=tuple(sum(line.counts[place] for line in lines) for place in range(len(STANDINGS))),
        letters=_letters(preview),
        last_at=preview.last[0] if preview.last else None,
        last_n=preview.last[1] if preview.last else 0,
        pause_days=REMINDER_PAUSE.days,
        most=MOST_REMINDERS,
        blockers=preview.blockers,
        refused=refused,
        zone=desk.study.time_zone,
        action=desk.path(Room.ROUNDS, number, "remind"),
        cancel_href=desk.path(Room.ROUNDS, number),
    )


def _counts(preview: ReminderPreview, group: str, language: str) -> tuple[int, ...]:
    return tuple(preview.counted[group, language, standing] for standing in STANDINGS)


def _letters(preview: ReminderPreview) -> tuple[LetterShown, ...]:
    return tuple(
        LetterShown(
            language=language,
            subject=letter.subject,
            paragraphs=(letter.greeting, *letter.before),
            link_words=letter.link_words,
            after=letter.after,
            closing=letter.closing,
        )
        for language, letter in preview.letters.items()
    )
