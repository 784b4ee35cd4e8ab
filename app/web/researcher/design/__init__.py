"""Designing a study: begun from a template, changed part by part until round 1 opens."""

from fastapi import APIRouter

from app.web.researcher.design import editing, new_study, planner

router = APIRouter()
for _part in (new_study, planner, editing):
    router.routes.extend(_part.router.routes)
