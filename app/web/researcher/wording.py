"""The protocol's choices, the steps of a study and the states of its parts, in words to be translated."""

from typing import Final

from analysis.results import DivergenceClass, StabilityVerdict
from app.domain.account import Permission, Role
from app.domain.carry_forward import CarryForwardPolicy
from app.domain.feedback import FeedbackPolicy
from app.domain.messages import N_
from app.domain.panel import Membership, WithdrawalMode
from app.domain.stopping import StoppingPolicy
from app.domain.study import StudyStatus

STUDY_STATUS_WORDS: Final[dict[StudyStatus, str]] = {
    StudyStatus.DRAFT: N_("in preparation"),
    StudyStatus.RUNNING: N_("running"),
    StudyStatus.CONCLUDED: N_("concluded"),
}

ROLE_WORDS: Final[dict[Role, str]] = {
    Role.OWNER: N_("owner"),
    Role.EDITOR: N_("editor"),
    Role.FACILITATOR: N_("facilitator"),
    Role.ANALYST: N_("analyst"),
}

ROLE_HINTS: Final[dict[Role, str]] = {
    Role.OWNER: N_("Everything, with the names on the panel, the colleagues and their roles."),
    Role.EDITOR: N_("Designs the study and runs it. An owner can add the mail list."),
    Role.FACILITATOR: N_("Runs the rounds and decides on comments, without names."),
    Role.ANALYST: N_("Reads the study, its figures and its reports, without names."),
}

PERMISSION_WORDS: Final[dict[Permission, str]] = {
    Permission.READ_STUDY: N_("Read the protocol, the statements, the states of the panel and the log"),
    Permission.READ_RESULTS: N_("Read results and answers to open questions, take out reports"),
    Permission.DESIGN_STUDY: N_("Change the protocol and the statements, write recommendations"),
    Permission.RUN_ROUNDS: N_("Open and close rounds, release feedback, conclude the study"),
    Permission.CODE_MATERIAL: N_("Code what the panel wrote"),
    Permission.READ_RATINGS: N_("Read how the writer of a comment rated the statement, under no name"),
    Permission.MODERATE_COMMENTS: N_("Decide on comments"),
    Permission.READ_IDENTITIES: N_("See the mail list: names and addresses, apart from pseudonyms"),
    Permission.MANAGE_PANEL: N_("Add panelists, correct addresses, issue personal links"),
    Permission.LIFT_PSEUDONYMS: N_("Look up who is behind a pseudonym, with a reason that the log keeps"),
    Permission.MANAGE_COLLEAGUES: N_("Invite colleagues and change their roles"),
}

MEMBERSHIP_WORDS: Final[dict[Membership, str]] = {
    Membership.UNDECIDED: N_("not decided yet"),
    Membership.CONSENTED: N_("takes part"),
    Membership.DECLINED: N_("declined"),
    Membership.WITHDRAWN: N_("withdrew"),
}

WITHDRAWAL_WORDS: Final[dict[WithdrawalMode, str]] = {
    WithdrawalMode.STOP: N_(
        "Whoever withdraws is asked nothing more; ratings already given stay, without a name."
    ),
    WithdrawalMode.ERASE: N_("Whoever withdraws is asked nothing more, and what they gave is erased."),
}

FEEDBACK_WORDS: Final[dict[FeedbackPolicy, str]] = {
    FeedbackPolicy.NONE: N_("Panelists see no figures between the rounds."),
    FeedbackPolicy.OWN_GROUP: N_("Panelists see the figures of their own group."),
    FeedbackPolicy.EVERY_GROUP: N_("Panelists see the figures of every group."),
    FeedbackPolicy.ALL: N_("Panelists see the figures of every group and of everyone together."),
}

CARRY_FORWARD_WORDS: Final[dict[CarryForwardPolicy, str]] = {
    CarryForwardPolicy.UNDECIDED: N_("The next round asks again what is neither accepted nor rejected."),
    CarryForwardPolicy.NOT_IN: N_("The next round asks again what is not accepted."),
    CarryForwardPolicy.ALL: N_("The next round asks every statement again."),
}

STOPPING_WORDS: Final[dict[StoppingPolicy, str]] = {
    StoppingPolicy.FIXED_ROUNDS: N_(
        "The study ends after the rounds planned, or when everything is decided."
    ),
    StoppingPolicy.ALL_DECIDED: N_("The study goes on until every statement is decided."),
    StoppingPolicy.STABLE: N_("The study ends after the rounds planned, or when ratings no longer change."),
}

DIVERGENCE_WORDS: Final[dict[DivergenceClass, str]] = {
    DivergenceClass.ALL_GROUPS_IN: N_("All groups accept"),
    DivergenceClass.ALL_GROUPS_OUT: N_("All groups reject"),
    DivergenceClass.GROUP_SPECIFIC: N_("Decided in some groups only"),
    DivergenceClass.OPPOSED: N_("Groups oppose each other"),
    DivergenceClass.NONE: N_("Undecided in every group"),
    DivergenceClass.NOT_ASSESSABLE: N_("Not assessable"),
}

STABILITY_WORDS: Final[dict[StabilityVerdict, str]] = {
    StabilityVerdict.STABLE: N_("stable"),
    StabilityVerdict.UNSTABLE: N_("still moving"),
    StabilityVerdict.NOT_ASSESSABLE: N_("not assessable"),
}
