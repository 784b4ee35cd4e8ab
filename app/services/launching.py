"""What the next round would be, before it is opened: the launch checklist."""

from dataclasses import dataclass, replace

from app.clock import Clock
from app.domain.carry_forward import Override
from app.domain.launch import Check, PanelMail, launch_checks
from app.domain.round import Round, RoundStatus
from app.domain.study import Study
from app.services.finding import get_study_of
from app.services.round_contents import choose_statements, opening_facts
from app.services.rounds import next_round
from app.storage import rounds, studies
from app.storage.database import Database


@dataclass(frozen=True)
class Launch:
    """The next round, what is met, missing or worth knowing, and whether it would freeze the protocol.

    ``overrides`` are what it would ask or leave out against the rule.
    """

    round: Round
    checks: tuple[Check, ...]
    freezes_protocol: bool
    overrides: tuple[Override, ...]


def read_launch(database: Database, clock: Clock, slug: str, *, sends_mail: bool) -> Launch | None:
    """The launch checklist; None while another round is still in hand.

    Parameters
    ----------
    sends_mail
        Whether there is a mail server here.

    Raises
    ------
    StudyNotFound
    """
    with database.reading() as connection:
        study = get_study_of(connection, slug)
        version = studies.protocol_in_force(connection, study.id)
        round_ = next_round(rounds.read_rounds(connection, study.id), version)
        if round_.status is not RoundStatus.DRAFT:
            return None
        chosen = choose_statements(connection, study, version.protocol, round_)
        facts = opening_facts(
            connection, study, version.protocol, round_, chosen.statements, closes_at=None, now=clock.now()
        )
        overrides = tuple(override for _, override in chosen.overrides)
        checks = launch_checks(replace(facts, panel_mail=_panel_mail(study, sends_mail=sends_mail)))
        return Launch(round_, checks, version.frozen_at is None, overrides)


def _panel_mail(study: Study, *, sends_mail: bool) -> PanelMail:
    if study.synthetic:
        return PanelMail.INVENTED_PANEL
    return PanelMail.SENT if sends_mail else PanelMail.NO_SERVER
