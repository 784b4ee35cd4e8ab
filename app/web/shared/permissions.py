"""Who may use which address: every route of the application stands here, once.

A test walks the application's routes and fails on one that is not listed, and on a line without a route;
another asks for every page that is not public without a session, and fails when one of them opens.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fastapi import Request

from app.domain.account import Permission


class Audience(StrEnum):
    """Whom a route is for."""

    PUBLIC = "public"
    PANELIST = "panelist"
    RESEARCHER = "researcher"


@dataclass(frozen=True)
class Access:
    """Whom a route is for, and what a researcher's part in the study must include.

    Without a ``permission`` being signed in is enough. What roles include stands in app/domain/account.py.
    """

    audience: Audience
    permission: Permission | None = None


PUBLIC: Final = Access(Audience.PUBLIC)
PANELIST: Final = Access(Audience.PANELIST)
SIGNED_IN: Final = Access(Audience.RESEARCHER)
READS_STUDY: Final = Access(Audience.RESEARCHER, Permission.READ_STUDY)
READS_RESULTS: Final = Access(Audience.RESEARCHER, Permission.READ_RESULTS)
CODES: Final = Access(Audience.RESEARCHER, Permission.CODE_MATERIAL)
RUNS_ROUNDS: Final = Access(Audience.RESEARCHER, Permission.RUN_ROUNDS)
MODERATES: Final = Access(Audience.RESEARCHER, Permission.MODERATE_COMMENTS)
DESIGNS: Final = Access(Audience.RESEARCHER, Permission.DESIGN_STUDY)
READS_IDENTITIES: Final = Access(Audience.RESEARCHER, Permission.READ_IDENTITIES)
MANAGES_PANEL: Final = Access(Audience.RESEARCHER, Permission.MANAGE_PANEL)
LIFTS_PSEUDONYMS: Final = Access(Audience.RESEARCHER, Permission.LIFT_PSEUDONYMS)
MANAGES_COLLEAGUES: Final = Access(Audience.RESEARCHER, Permission.MANAGE_COLLEAGUES)

ROUTES: Final[dict[tuple[str, str], Access]] = {
    ("GET", "/"): PUBLIC,
    ("GET", "/livez"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/static"): PUBLIC,
    ("GET", "/styleguide"): PUBLIC,
    ("GET", "/styleguide/researcher"): PUBLIC,
    ("GET", "/goodbye"): PUBLIC,
    ("GET", "/link"): PUBLIC,
    ("POST", "/link"): PUBLIC,
    ("GET", "/p/{token}"): PUBLIC,
    ("POST", "/p/{token}"): PUBLIC,
    ("GET", "/s/{slug}"): PANELIST,
    ("GET", "/s/{slug}/study"): PANELIST,
    ("POST", "/s/{slug}/consent"): PANELIST,
    ("POST", "/s/{slug}/decline"): PANELIST,
    ("POST", "/s/{slug}/decline-for-good"): PANELIST,
    ("GET", "/s/{slug}/declined"): PANELIST,
    ("GET", "/s/{slug}/profile"): PANELIST,
    ("POST", "/s/{slug}/profile"): PANELIST,
    ("GET", "/s/{slug}/overview"): PANELIST,
    ("GET", "/s/{slug}/topics/{code}"): PANELIST,
    ("POST", "/s/{slug}/topics/{code}"): PANELIST,
    ("GET", "/s/{slug}/statements/{code}"): PANELIST,
    ("POST", "/s/{slug}/statements/{code}"): PANELIST,
    ("POST", "/s/{slug}/autosave"): PANELIST,
    ("GET", "/s/{slug}/questions"): PANELIST,
    ("POST", "/s/{slug}/questions"): PANELIST,
    ("POST", "/s/{slug}/questions/autosave"): PANELIST,
    ("GET", "/s/{slug}/statements/{code}/feedback"): PANELIST,
    ("GET", "/s/{slug}/review"): PANELIST,
    ("POST", "/s/{slug}/submit"): PANELIST,
    ("GET", "/s/{slug}/receipt"): PANELIST,
    ("GET", "/s/{slug}/results"): PANELIST,
    ("GET", "/s/{slug}/answers.csv"): PANELIST,
    ("GET", "/s/{slug}/answers.pdf"): PANELIST,
    ("GET", "/s/{slug}/report"): PANELIST,
    ("POST", "/s/{slug}/language"): PANELIST,
    ("POST", "/s/{slug}/leave"): PANELIST,
    ("GET", "/s/{slug}/not-me"): PANELIST,
    ("POST", "/s/{slug}/not-me"): PANELIST,
    ("GET", "/s/{slug}/withdraw"): PANELIST,
    ("POST", "/s/{slug}/withdraw"): PANELIST,
    ("GET", "/research/sign-in"): PUBLIC,
    ("POST", "/research/sign-in"): PUBLIC,
    ("POST", "/research/sign-out"): PUBLIC,
    ("GET", "/research/sign-in/code"): PUBLIC,
    ("POST", "/research/sign-in/code"): PUBLIC,
    ("GET", "/research/sign-in/provider"): PUBLIC,
    ("GET", "/research/sign-in/provider/back"): PUBLIC,
    ("GET", "/research/recover"): PUBLIC,
    ("POST", "/research/recover"): PUBLIC,
    ("GET", "/research/recover/{token}"): PUBLIC,
    ("POST", "/research/recover/{token}"): PUBLIC,
    ("GET", "/research/account"): SIGNED_IN,
    ("POST", "/research/account"): SIGNED_IN,
    ("POST", "/research/account/password"): SIGNED_IN,
    ("POST", "/research/account/sessions"): SIGNED_IN,
    ("GET", "/research/account/second-factor"): SIGNED_IN,
    ("POST", "/research/account/second-factor"): SIGNED_IN,
    ("POST", "/research/account/second-factor/codes"): SIGNED_IN,
    ("POST", "/research/account/second-factor/off"): SIGNED_IN,
    ("GET", "/research/join/{token}"): PUBLIC,
    ("POST", "/research/join/{token}"): SIGNED_IN,
    ("POST", "/research/join/{token}/account"): PUBLIC,
    ("POST", "/research/language"): SIGNED_IN,
    ("GET", "/research"): SIGNED_IN,
    ("GET", "/research/new"): SIGNED_IN,
    ("POST", "/research/new"): SIGNED_IN,
    ("GET", "/research/{slug}"): READS_STUDY,
    ("GET", "/research/{slug}/protocol"): READS_STUDY,
    ("GET", "/research/{slug}/protocol/planner"): READS_STUDY,
    ("GET", "/research/{slug}/protocol/planner.svg"): READS_STUDY,
    ("POST", "/research/{slug}/study-folder"): READS_STUDY,
    ("POST", "/research/{slug}/study-folder/with-panel"): READS_IDENTITIES,
    ("GET", "/research/{slug}/protocol/{part}"): DESIGNS,
    ("POST", "/research/{slug}/protocol/{part}"): DESIGNS,
    ("GET", "/research/{slug}/statements"): READS_STUDY,
    ("GET", "/research/{slug}/statements/{code}"): READS_STUDY,
    ("POST", "/research/{slug}/statements/{code}/restore"): DESIGNS,
    ("GET", "/research/{slug}/statements/{code}/edit"): DESIGNS,
    ("POST", "/research/{slug}/statements/{code}/edit"): DESIGNS,
    ("GET", "/research/{slug}/statements/{code}/text/{language}"): DESIGNS,
    ("POST", "/research/{slug}/statements/{code}/text/{language}"): DESIGNS,
    ("GET", "/research/{slug}/statements/{code}/split"): DESIGNS,
    ("POST", "/research/{slug}/statements/{code}/split"): DESIGNS,
    ("GET", "/research/{slug}/statements/{code}/withdraw"): DESIGNS,
    ("POST", "/research/{slug}/statements/{code}/withdraw"): DESIGNS,
    ("GET", "/research/{slug}/statements/{code}/evidence"): DESIGNS,
    ("POST", "/research/{slug}/statements/{code}/evidence"): DESIGNS,
    ("GET", "/research/{slug}/evidence/{card}"): DESIGNS,
    ("POST", "/research/{slug}/evidence/{card}"): DESIGNS,
    ("POST", "/research/{slug}/evidence/{card}/remove"): DESIGNS,
    ("GET", "/research/{slug}/new-statement"): DESIGNS,
    ("POST", "/research/{slug}/new-statement"): DESIGNS,
    ("GET", "/research/{slug}/merge-statements"): DESIGNS,
    ("POST", "/research/{slug}/merge-statements"): DESIGNS,
    ("GET", "/research/{slug}/statement-order"): DESIGNS,
    ("POST", "/research/{slug}/statement-order"): DESIGNS,
    ("GET", "/research/{slug}/topics"): DESIGNS,
    ("POST", "/research/{slug}/topics"): DESIGNS,
    ("GET", "/research/{slug}/statement-import"): DESIGNS,
    ("POST", "/research/{slug}/statement-import"): DESIGNS,
    ("GET", "/research/{slug}/statement-import/{token}"): DESIGNS,
    ("POST", "/research/{slug}/statement-import/{token}"): DESIGNS,
    ("GET", "/research/{slug}/panel"): READS_STUDY,
    ("GET", "/research/{slug}/panel/people"): READS_IDENTITIES,
    ("GET", "/research/{slug}/panel/people/{person}"): MANAGES_PANEL,
    ("POST", "/research/{slug}/panel/people/{person}"): MANAGES_PANEL,
    ("POST", "/research/{slug}/panel/people/{person}/new-link"): MANAGES_PANEL,
    ("POST", "/research/{slug}/panel/people/{person}/revoke-link"): MANAGES_PANEL,
    ("POST", "/research/{slug}/panel/people/{person}/send-again"): MANAGES_PANEL,
    ("GET", "/research/{slug}/new-panelist"): MANAGES_PANEL,
    ("POST", "/research/{slug}/new-panelist"): MANAGES_PANEL,
    ("GET", "/research/{slug}/panel-import"): MANAGES_PANEL,
    ("POST", "/research/{slug}/panel-import"): MANAGES_PANEL,
    ("GET", "/research/{slug}/panel-import/{token}"): MANAGES_PANEL,
    ("POST", "/research/{slug}/panel-import/{token}"): MANAGES_PANEL,
    ("GET", "/research/{slug}/rounds"): READS_STUDY,
    ("POST", "/research/{slug}/rounds/open"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/rounds/{number}"): READS_STUDY,
    ("GET", "/research/{slug}/rounds/{number}/response"): READS_STUDY,
    ("GET", "/research/{slug}/rounds/{number}/answers"): READS_RESULTS,
    ("GET", "/research/{slug}/rounds/{number}/answers.csv"): READS_RESULTS,
    ("GET", "/research/{slug}/rounds/{number}/close"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/rounds/{number}/close"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/rounds/{number}/analyse"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/rounds/{number}/release"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/rounds/{number}/release"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/rounds/{number}/plan"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/rounds/{number}/plan"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/rounds/{number}/extend"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/rounds/{number}/extend"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/rounds/{number}/remind"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/rounds/{number}/remind"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/next-round"): READS_RESULTS,
    ("GET", "/research/{slug}/next-round/{code}"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/next-round/{code}"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/next-round/{code}/undo"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/conclude"): RUNS_ROUNDS,
    ("POST", "/research/{slug}/conclude"): RUNS_ROUNDS,
    ("GET", "/research/{slug}/comments"): MODERATES,
    ("POST", "/research/{slug}/comments"): MODERATES,
    ("POST", "/research/{slug}/comments/release"): MODERATES,
    ("GET", "/research/{slug}/coding"): CODES,
    ("POST", "/research/{slug}/coding"): CODES,
    ("GET", "/research/{slug}/coding.csv"): CODES,
    ("GET", "/research/{slug}/coding/agreement"): CODES,
    ("GET", "/research/{slug}/coding/experience"): CODES,
    ("POST", "/research/{slug}/coding/experience"): CODES,
    ("POST", "/research/{slug}/coding/experience/{number}/remove"): CODES,
    ("GET", "/research/{slug}/coding/import"): CODES,
    ("POST", "/research/{slug}/coding/import"): CODES,
    ("GET", "/research/{slug}/coding/import/{token}"): CODES,
    ("POST", "/research/{slug}/coding/import/{token}"): CODES,
    ("GET", "/research/{slug}/coding/themes"): CODES,
    ("GET", "/research/{slug}/coding/new-theme"): CODES,
    ("POST", "/research/{slug}/coding/new-theme"): CODES,
    ("GET", "/research/{slug}/coding/themes/{number}"): CODES,
    ("GET", "/research/{slug}/coding/themes/{number}/edit"): CODES,
    ("POST", "/research/{slug}/coding/themes/{number}/edit"): CODES,
    ("POST", "/research/{slug}/coding/themes/{number}/move"): CODES,
    ("POST", "/research/{slug}/coding/themes/{number}/statements"): CODES,
    ("GET", "/research/{slug}/coding/themes/{number}/remove"): CODES,
    ("POST", "/research/{slug}/coding/themes/{number}/remove"): CODES,
    ("POST", "/research/{slug}/coding/themes/{number}/merge"): CODES,
    ("GET", "/research/{slug}/results"): READS_RESULTS,
    ("GET", "/research/{slug}/results/{number}"): READS_RESULTS,
    ("GET", "/research/{slug}/results/{number}/{code}"): READS_RESULTS,
    ("GET", "/research/{slug}/compare"): READS_RESULTS,
    ("GET", "/research/{slug}/groupings/{number}"): READS_RESULTS,
    ("POST", "/research/{slug}/groupings/{number}"): READS_RESULTS,
    ("GET", "/research/{slug}/groupings/{number}/{code}"): READS_RESULTS,
    ("GET", "/research/{slug}/figures/{number}"): READS_RESULTS,
    ("GET", "/research/{slug}/figures/{place}/{kind}/{name}"): READS_RESULTS,
    ("GET", "/research/{slug}/recommendations"): READS_RESULTS,
    ("GET", "/research/{slug}/new-recommendation"): DESIGNS,
    ("POST", "/research/{slug}/new-recommendation"): DESIGNS,
    ("GET", "/research/{slug}/recommendations/{number}"): DESIGNS,
    ("POST", "/research/{slug}/recommendations/{number}"): DESIGNS,
    ("POST", "/research/{slug}/recommendations/{number}/move"): DESIGNS,
    ("POST", "/research/{slug}/recommendations/{number}/remove"): DESIGNS,
    ("GET", "/research/{slug}/audiences"): DESIGNS,
    ("POST", "/research/{slug}/audiences"): DESIGNS,
    ("GET", "/research/{slug}/reports"): READS_RESULTS,
    ("POST", "/research/{slug}/reports/{format_}"): READS_RESULTS,
    ("GET", "/research/{slug}/log"): READS_STUDY,
    ("GET", "/research/{slug}/people"): READS_STUDY,
    ("GET", "/research/{slug}/people/invite"): MANAGES_COLLEAGUES,
    ("POST", "/research/{slug}/people/invite"): MANAGES_COLLEAGUES,
    ("POST", "/research/{slug}/people/invitations/{number}/withdraw"): MANAGES_COLLEAGUES,
    ("GET", "/research/{slug}/people/{number}"): MANAGES_COLLEAGUES,
    ("POST", "/research/{slug}/people/{number}"): MANAGES_COLLEAGUES,
    ("POST", "/research/{slug}/people/{number}/remove"): MANAGES_COLLEAGUES,
    ("GET", "/research/{slug}/panel/{pseudonym}/unmask"): LIFTS_PSEUDONYMS,
    ("POST", "/research/{slug}/panel/{pseudonym}/unmask"): LIFTS_PSEUDONYMS,
}


def access_of(request: Request) -> Access:
    """Who may use the route that a request has reached."""
    method = "GET" if request.method == "HEAD" else request.method
    return ROUTES[method, request.scope["route"].path]
