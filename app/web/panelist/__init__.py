"""The panelist's pages: entering by a personal link, consent, profile, questionnaire, receipt."""

from fastapi import APIRouter

from app.web.panelist import (
    entering,
    finishing,
    home,
    profile_page,
    rating,
    taking_part,
)

router = APIRouter()
for _part in (entering, home, taking_part, profile_page, rating, finishing):
    router.routes.extend(_part.router.routes)
