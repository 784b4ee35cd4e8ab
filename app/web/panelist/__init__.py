"""The panelist's pages: entering by a personal link, consent, profile, questionnaire, receipt."""

from fastapi import APIRouter

from app.web.panelist import (
    disowning,
    entering,
    farewell,
    home,
    lost_link,
    open_questions,
    overview,
    own_answers,
    profile_page,
    rating,
    receipt,
    report,
    results,
    reviewing,
    taking_part,
)

router = APIRouter()
# Requests are held against one address after another: what is asked for most stands first.
for _part in (
    rating,
    entering,
    lost_link,
    disowning,
    farewell,
    home,
    taking_part,
    profile_page,
    overview,
    open_questions,
    reviewing,
    receipt,
    own_answers,
    results,
    report,
):
    router.routes.extend(_part.router.routes)
