"""The pages that a researcher opens by an address, in the states of a study in which they show the most."""

from app.domain.link import person_sign
from tests.browser.states import BEFORE, BETWEEN, CLOSED, OPEN
from tests.panel_study import SECRET
from tests.prepared import Prepared

BEFORE_THE_FIRST_ROUND = (
    "/research",
    "/research/new",
    "/research/new?template=model_study&languages=fr",
    "/protocol",
    "/protocol/planner",
    "/protocol/texts",
    "/protocol/groups",
    "/protocol/rule",
    "/protocol/course",
    "/protocol/profile",
    "/protocol/questions",
    "/rounds",
    "/rounds/1/plan",
    "/new-panelist",
    "/panel-import",
)
IN_A_ROUND = (
    "",
    "/rounds",
    "/rounds/2",
    "/rounds/2/close",
    "/rounds/2/extend",
    "/rounds/2/remind",
    "/panel",
)
AFTER_A_ROUND = ("/rounds", "/rounds/2/release", "/results/2", "/comments")
BETWEEN_ROUNDS = (
    "",
    "/protocol",
    "/statements",
    "/statements/S02",
    "/statements/S02/edit",
    "/statements/S02/split",
    "/statements/S02/withdraw",
    "/statements/S01/evidence",
    "/evidence/E01",
    "/new-statement",
    "/new-statement?theme=1",
    "/merge-statements?code=S01&code=S02",
    "/statement-order",
    "/topics",
    "/statement-import",
    "/panel",
    "/panel/people",
    f"/panel/people/{person_sign(SECRET.encode(), 1, 1)}",
    "/rounds",
    "/rounds/1/answers",
    "/next-round",
    "/next-round/S02",
    "/comments",
    "/coding",
    "/coding?others=1",
    "/coding/agreement",
    "/coding/experience",
    "/coding/import",
    "/coding/themes",
    "/coding/new-theme",
    "/coding/themes/1",
    "/coding/themes/1/edit",
    "/coding/themes/1/remove",
    "/results",
    "/results?decision=no_consensus",
    "/results/3",
    "/results/3/S02",
    "/compare",
    "/groupings/3?by=language",
    "/groupings/3?by=profile-tools",
    "/groupings/3/S02?by=profile-tools",
    "/figures/3",
    "/conclude",
    "/recommendations",
    "/recommendations/1",
    "/new-recommendation",
    "/audiences",
    "/reports",
    "/log",
    "/people",
)

IN_STATES: dict[Prepared, tuple[str, ...]] = {
    BEFORE: BEFORE_THE_FIRST_ROUND,
    OPEN: IN_A_ROUND,
    CLOSED: AFTER_A_ROUND,
    BETWEEN: BETWEEN_ROUNDS,
}

UPLOADS = {
    "/panel-import": b"name,email,group,language\nNora,nora@example.org,gardeners,nl\n"
    b"Pia,person1@example.org,gardeners,en\n",
    "/statement-import": b"code,text_en\nS01,The garden gives joy.\n",
    "/coding/import": b"text,source,language\nRain is free.,Letters,en\n",
}
"""Pages that show what is in a file before any of it is stored, and such a file."""
