"""THE map from what went wrong to what is answered: a line for each refusal, for pages and scripts alike."""

from dataclasses import dataclass
from typing import Final

from app.domain import (
    carry_override,
    concluding,
    deadline,
    errors,
    evidence_editing,
    import_preview,
    material,
    panel_editing,
    recommendation,
    reminding,
    schedule,
    statement_editing,
    statement_import,
    theme,
    topic_editing,
)
from app.domain.messages import N_, Sentence
from app.reports.typesetting import DocumentNotMade
from app.storage.database import DatabaseUnavailable
from app.web.shared.csrf import PageTooOld, RequestFromElsewhere
from app.web.shared.submission import SubmissionNotReadable, WrongKindOfContent

COME_BACK_SECONDS: Final = 30


@dataclass(frozen=True)
class Answer:
    """How a refusal is answered: HTTP status, a short code for scripts, a heading and advice for people."""

    status: int
    code: str
    title: str
    advice: str = ""


_CHECK = N_("Please check what you filled in")
_NOT_COUNTED = N_("This was not counted")
_NOT_NOW = N_("This cannot be done now")
_NOT_HERE = N_("There is no such page")
_WHOM_TO_ASK = N_(
    "The invitation that brought you here names the study team, with an address to write to. "
    "Answers that you have saved are safe."
)

ANSWERS: Final[dict[type[Exception], Answer]] = {
    # Not there, or not for this person.
    errors.NotFound: Answer(404, "not_found", _NOT_HERE),
    errors.LinkNotValid: Answer(
        404, "link_not_valid", N_("This link does not open a questionnaire"), _WHOM_TO_ASK
    ),
    errors.UnknownStatement: Answer(404, "unknown_statement", _NOT_HERE),
    errors.UnknownCriterion: Answer(404, "unknown_criterion", _NOT_HERE),
    errors.UnknownQuestion: Answer(404, "unknown_question", _NOT_HERE),
    errors.InvitationNotValid: Answer(404, "invitation_not_valid", N_("This invitation cannot be used")),
    errors.RecoveryNotValid: Answer(404, "recovery_not_valid", N_("This link cannot be used")),
    errors.PanelistSignedOut: Answer(
        401, "signed_out", N_("Please open your personal link again"), _WHOM_TO_ASK
    ),
    errors.ResearcherSignedOut: Answer(
        401,
        "signed_out",
        N_("You are not signed in any more"),
        N_("Copy what you filled in below, sign in, and put it in again."),
    ),
    errors.SignInRefused: Answer(401, "sign_in_refused", N_("You are not signed in")),
    errors.SignInNotFinished: Answer(403, "sign_in_not_finished", N_("You are not signed in")),
    errors.NotKnownHere: Answer(403, "not_known_here", N_("You have no account here")),
    errors.NotAllowed: Answer(403, "not_allowed", N_("Your role does not include this")),
    errors.PanelistHasLeft: Answer(403, "has_left", N_("You have left this study")),
    errors.TakesPartAlready: Answer(409, "takes_part_already", _NOT_NOW),
    errors.NotInvited: Answer(403, "not_invited", N_("You are not asked to answer this time")),
    errors.ConsentMissing: Answer(403, "consent_missing", N_("Please read about the study first")),
    errors.TooManyAttempts: Answer(429, "too_many_attempts", N_("Please wait a moment")),
    RequestFromElsewhere: Answer(403, "request_from_elsewhere", N_("This was not accepted")),
    PageTooOld: Answer(403, "page_too_old", N_("This page is too old")),
    # Right in itself, but the study or the stored answers stand elsewhere.
    errors.RoundNotOpen: Answer(409, "round_not_open", _NOT_COUNTED),
    errors.StaleRating: Answer(409, "stale", N_("Your answer was changed on another page")),
    errors.StaleComment: Answer(409, "stale", N_("Your comment was changed on another page")),
    errors.StaleAnswer: Answer(409, "stale", N_("Your answer was changed on another page")),
    errors.RepeatedRequestDiffers: Answer(409, "repeated_request_differs", _NOT_COUNTED),
    errors.RoundTransitionError: Answer(409, "round_transition", _NOT_NOW),
    errors.ActionBlocked: Answer(409, "action_blocked", _NOT_NOW),
    errors.QuestionnaireIncomplete: Answer(409, "questionnaire_incomplete", N_("Some answers are missing")),
    errors.StudyAlreadyImported: Answer(409, "study_already_imported", _NOT_NOW),
    errors.RatingsNotAsCounted: Answer(409, "ratings_not_as_counted", _NOT_NOW),
    errors.ModerationNotPossible: Answer(409, "moderation_not_possible", _NOT_NOW),
    errors.AccountExists: Answer(409, "account_exists", _NOT_NOW),
    errors.SecondFactorAlready: Answer(409, "second_factor_already", _NOT_NOW),
    errors.LastOwnerStays: Answer(409, "last_owner_stays", _NOT_NOW),
    errors.ColleagueAlready: Answer(409, "colleague_already", _NOT_NOW),
    errors.InvitedAlready: Answer(409, "invited_already", _NOT_NOW),
    errors.TakesPartInTeam: Answer(409, "takes_part_in_team", _NOT_NOW),
    statement_editing.StatementChangedMeanwhile: Answer(409, "statement_changed", _NOT_NOW),
    topic_editing.TopicsChangedMeanwhile: Answer(409, "topics_changed", _NOT_NOW),
    evidence_editing.CardChangedMeanwhile: Answer(409, "card_changed", _NOT_NOW),
    theme.ThemeChangedMeanwhile: Answer(409, "theme_changed", _NOT_NOW),
    theme.ThemeInUse: Answer(409, "theme_in_use", _NOT_NOW),
    evidence_editing.CardInUse: Answer(409, "card_in_use", _NOT_NOW),
    carry_override.OverrideStandsAlready: Answer(409, "override_stands", _NOT_NOW),
    carry_override.OverrideNotNeeded: Answer(409, "override_not_needed", _NOT_NOW),
    carry_override.StatementNotAsked: Answer(409, "statement_not_asked", _NOT_NOW),
    recommendation.RecommendationChangedMeanwhile: Answer(409, "recommendation_changed", _NOT_NOW),
    recommendation.AudiencesChangedMeanwhile: Answer(409, "audiences_changed", _NOT_NOW),
    recommendation.AudienceInUse: Answer(409, "audience_in_use", _NOT_NOW),
    statement_import.PreviewStale: Answer(409, "preview_stale", _NOT_NOW),
    errors.LogBroken: Answer(409, "log_broken", _NOT_NOW),
    errors.AnalysisMissing: Answer(409, "analysis_missing", _NOT_NOW),
    # Something filled in does not fit.
    errors.PointOffScale: Answer(422, "point_off_scale", _CHECK),
    errors.RatingContradictsItself: Answer(422, "rating_contradicts_itself", _CHECK),
    errors.RedactionEmpty: Answer(422, "redaction_empty", _CHECK),
    errors.TextTooLong: Answer(422, "text_too_long", _CHECK),
    errors.TextNotReadable: Answer(422, "text_not_readable", _CHECK),
    errors.UnknownReason: Answer(422, "unknown_reason", _CHECK),
    errors.DisowningUnclear: Answer(422, "disowning_unclear", _CHECK),
    errors.DisowningUnconfirmed: Answer(422, "disowning_unconfirmed", _CHECK),
    errors.ProfileAnswerRefused: Answer(422, "profile_answer_refused", _CHECK),
    errors.ProfileIncomplete: Answer(422, "profile_incomplete", _CHECK),
    errors.RoleMissing: Answer(422, "role_missing", _CHECK),
    errors.NameMissing: Answer(422, "name_missing", _CHECK),
    errors.LiftingNeedsReason: Answer(422, "lifting_needs_reason", _CHECK),
    errors.PasswordWrong: Answer(422, "password_wrong", _CHECK),
    errors.CodeWrong: Answer(422, "code_wrong", _CHECK),
    errors.PasswordTooWeak: Answer(422, "password_too_weak", _CHECK),
    errors.AddressNotValid: Answer(422, "address_not_valid", _CHECK),
    errors.ProtocolNotValid: Answer(422, "protocol_not_valid", _CHECK),
    errors.GroupHasPanelists: Answer(409, "group_has_panelists", _NOT_NOW),
    errors.LanguageHasPanelists: Answer(409, "language_has_panelists", _NOT_NOW),
    errors.LanguageHasOnlyTexts: Answer(409, "language_has_only_texts", _NOT_NOW),
    errors.DesignChangedMeanwhile: Answer(409, "stale", N_("A colleague has changed this")),
    errors.TextsAreFixed: Answer(409, "texts_are_fixed", _NOT_NOW),
    errors.AmendmentNeedsReason: Answer(422, "amendment_needs_reason", _CHECK),
    errors.AmendmentTouchesRatings: Answer(422, "amendment_touches_ratings", _CHECK),
    statement_editing.FieldsRefused: Answer(422, "fields_refused", _CHECK),
    statement_editing.CharacterLost: Answer(422, "character_lost", _CHECK),
    statement_editing.CodeNotUsable: Answer(422, "code_not_usable", _CHECK),
    statement_editing.CodeTaken: Answer(422, "code_taken", _CHECK),
    statement_editing.TopicUnknown: Answer(422, "topic_unknown", _CHECK),
    statement_editing.TextMissing: Answer(422, "text_missing", _CHECK),
    statement_editing.NoteWithoutText: Answer(422, "note_without_text", _CHECK),
    statement_editing.ChangeNeedsReason: Answer(422, "change_needs_reason", _CHECK),
    statement_editing.WithdrawalNeedsReason: Answer(422, "withdrawal_needs_reason", _CHECK),
    statement_editing.PartsMissing: Answer(422, "parts_missing", _CHECK),
    carry_override.OverrideNeedsReason: Answer(422, "override_needs_reason", _CHECK),
    concluding.ConclusionNeedsReason: Answer(422, "conclusion_needs_reason", _CHECK),
    recommendation.AudienceNameMissing: Answer(422, "audience_name_missing", _CHECK),
    recommendation.AudienceNotChosen: Answer(422, "audience_not_chosen", _CHECK),
    recommendation.RestsOnNothing: Answer(422, "rests_on_nothing", _CHECK),
    recommendation.StatementsNotRated: Answer(422, "statements_not_rated", _CHECK),
    recommendation.CardsUnknown: Answer(422, "cards_unknown", _CHECK),
    recommendation.ThemesUnknown: Answer(422, "themes_unknown", _CHECK),
    recommendation.ReservationMissing: Answer(422, "reservation_missing", _CHECK),
    import_preview.NothingToImport: Answer(422, "nothing_to_import", _CHECK),
    topic_editing.TopicNameMissing: Answer(422, "topic_name_missing", _CHECK),
    topic_editing.NewTopicNameMissing: Answer(422, "topic_name_missing", _CHECK),
    theme.ThemeNameMissing: Answer(422, "theme_name_missing", _CHECK),
    theme.ThemeNameTaken: Answer(422, "theme_name_taken", _CHECK),
    theme.TooManyThemes: Answer(422, "too_many_themes", _CHECK),
    theme.ColourNotChosen: Answer(422, "colour_not_chosen", _CHECK),
    theme.ThemeInsideItself: Answer(422, "theme_inside_itself", _CHECK),
    theme.MergeUnclear: Answer(422, "merge_unclear", _CHECK),
    material.NothingBroughtIn: Answer(422, "nothing_brought_in", _CHECK),
    material.SourceMissing: Answer(422, "source_missing", _CHECK),
    material.ParagraphTooLong: Answer(422, "paragraph_too_long", _CHECK),
    material.TooManyPieces: Answer(422, "too_many_pieces", _CHECK),
    material.LanguageUnknown: Answer(422, "language_unknown", _CHECK),
    evidence_editing.CardTextMissing: Answer(422, "card_text_missing", _CHECK),
    evidence_editing.CardTitleMissing: Answer(422, "card_text_missing", _CHECK),
    evidence_editing.CountryNotReadable: Answer(422, "country_not_readable", _CHECK),
    evidence_editing.CardStatementsUnknown: Answer(422, "card_statements_unknown", _CHECK),
    panel_editing.PersonNameMissing: Answer(422, "person_name_missing", _CHECK),
    panel_editing.PersonAddressMissing: Answer(422, "person_address_missing", _CHECK),
    panel_editing.AddressOnPanel: Answer(422, "address_on_panel", _CHECK),
    panel_editing.GroupNotChosen: Answer(422, "group_not_chosen", _CHECK),
    panel_editing.GroupStays: Answer(422, "group_stays", _CHECK),
    panel_editing.LanguageNotChosen: Answer(422, "language_not_chosen", _CHECK),
    panel_editing.PersonChangedMeanwhile: Answer(409, "person_changed", _NOT_NOW),
    panel_editing.GroupsChanged: Answer(409, "groups_changed", _NOT_NOW),
    errors.ImportRefused: Answer(422, "import_refused", _CHECK),
    schedule.ClosingNeedsDeadline: Answer(422, "closing_needs_deadline", _CHECK),
    schedule.ExtensionNeedsMoment: Answer(422, "extension_needs_moment", _CHECK),
    schedule.OpeningNeedsMoment: Answer(422, "opening_needs_moment", _CHECK),
    schedule.ExtensionNeedsReason: Answer(422, "extension_needs_reason", _CHECK),
    reminding.PreviewOutdated: Answer(409, "preview_outdated", _NOT_NOW),
    deadline.DeadlineNotReadable: Answer(422, "deadline_not_readable", _CHECK),
    deadline.DeadlineHourMissing: Answer(422, "deadline_hour_missing", _CHECK),
    deadline.DeadlineHourTwice: Answer(422, "deadline_hour_twice", _CHECK),
    SubmissionNotReadable: Answer(400, "not_readable", N_("This could not be read")),
    WrongKindOfContent: Answer(415, "wrong_kind_of_content", N_("This could not be read")),
    # Ours, not the person's.
    DocumentNotMade: Answer(503, "document_not_made", N_("Please wait a moment")),
    errors.ProviderAway: Answer(503, "provider_away", N_("Please wait a moment")),
    DatabaseUnavailable: Answer(503, "unavailable", N_("Please wait a moment")),
}

STATUS_ANSWERS: Final[dict[int, tuple[Answer, Sentence]]] = {
    404: (
        Answer(404, "not_found", _NOT_HERE),
        Sentence(N_("The address may have a typing error, or the page has moved.")),
    ),
    405: (
        Answer(405, "method_not_allowed", _NOT_HERE),
        Sentence(N_("This address takes forms, not visits. Go back to the page you came from.")),
    ),
    413: (
        Answer(413, "too_large", N_("This is too much at once")),
        Sentence(N_("More was sent than can be taken at once. Shorten your texts, and send them again.")),
    ),
    422: (
        Answer(422, "not_readable", N_("This could not be read")),
        Sentence(N_("Something in the address or the form is missing or in the wrong place.")),
    ),
    500: (
        Answer(500, "unexpected", N_("Something went wrong on our side")),
        Sentence(
            N_(
                "It is not your fault, and it has been noted. What was saved before is safe. "
                "Go back, and try once more; if it happens again, tell the study team when it happened."
            )
        ),
    ),
}

AWAY: Final = Sentence(
    N_(
        "We cannot reach our records for a moment, so nothing was changed. "
        "What was saved before is safe. Try again in half a minute."
    )
)


def answer_to(error: Exception) -> Answer:
    """How an error is answered: by its own line of the map, else by that of what it is a kind of."""
    for kind in type(error).__mro__:
        if kind in ANSWERS:
            return ANSWERS[kind]
    raise LookupError(f"{type(error).__name__} has no line in the map of refusals")
