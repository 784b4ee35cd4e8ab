"""The researcher's pages: a study from its protocol to its consensus report, for those who run it."""

from fastapi import APIRouter

from app.web.researcher import (
    account_page,
    answers_page,
    colleagues_page,
    comments_page,
    home,
    joining_page,
    log_page,
    next_round_page,
    panel_page,
    protocol_page,
    provider_page,
    recovering_page,
    reports_page,
    response_page,
    results_page,
    rounds_page,
    second_factor_page,
    signing_in,
    statement_result_page,
    statements_page,
    studies,
    unmasking_page,
)

router = APIRouter()
# Fixed addresses stand before those that begin with a study's slug.
for _part in (
    signing_in,
    provider_page,
    recovering_page,
    account_page,
    second_factor_page,
    joining_page,
    studies,
    home,
    protocol_page,
    statements_page,
    panel_page,
    rounds_page,
    next_round_page,
    response_page,
    answers_page,
    comments_page,
    results_page,
    statement_result_page,
    reports_page,
    log_page,
    colleagues_page,
    unmasking_page,
):
    router.routes.extend(_part.router.routes)
