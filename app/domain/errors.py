"""Refusals. Each names a fact; the web layer maps the class to an answer, once."""

from collections.abc import Sequence
from typing import ClassVar

from analysis.scale import ProtocolFault
from app.domain.fault import Fault
from app.domain.messages import N_, NN_, Sentence


class DomainError(Exception):
    """A request that the rules of a study refuse, with a sentence that says why and what to do.

    With a ``plural``, ``message`` speaks of one thing, and ``counted`` names the parameter with the number.
    """

    message: ClassVar[str]
    plural: ClassVar[str] = ""
    counted: ClassVar[str] = ""

    def __init__(self, **params: object) -> None:
        self.params = params
        super().__init__(str(self.sentence))

    @property
    def sentence(self) -> Sentence:
        """The refusal as a translatable sentence."""
        n = self.params.get(self.counted)
        return Sentence(self.message, self.params, self.plural, n if isinstance(n, int) else 1)


class NotFound(DomainError):
    """What was asked for is not there, or belongs to somebody else."""

    message = N_("There is no “%(name)s” here.")


class StudyNotFound(NotFound):
    """No study has this slug, or the asker has no part in it."""

    message = N_("There is no study “%(slug)s” here.")


class RoundNotFound(NotFound):
    """The study has no round of this number."""

    message = N_("The study “%(slug)s” has no round %(round)s.")


class PanelistNotFound(NotFound):
    """The study has no panelist of this pseudonym."""

    message = N_("The study has no panelist “%(name)s”.")


class ResearcherNotFound(NotFound):
    """There is no account of this number."""

    message = N_("There is no researcher “%(name)s”.")


class NoRoundToAnalyse(NotFound):
    """No round is closed and waits for its figures."""

    message = N_("The study “%(slug)s” has no closed round to analyse.")


class RatingsNotAsCounted(DomainError):
    """The stored ratings of a closed round are not those that were counted when it closed."""

    message = N_(
        "The stored ratings of round %(round)s are not those with which it closed. No figures were computed. "
        "Ask whoever runs this installation to restore them from a backup."
    )


class StudyAlreadyImported(DomainError):
    """A study with this slug is already stored; importing never overwrites."""

    message = N_(
        "The study “%(slug)s” is already stored. Nothing was changed. Give the folder another slug "
        "to import it as a new study."
    )


class RoundTransitionError(DomainError):
    """The round's lifecycle has no such step from where the round stands."""

    message = N_("Round %(round)s is %(status)s; it cannot be %(action)s now.")


class ActionBlocked(DomainError):
    """The step exists, but something is missing; ``blockers`` says what."""

    message = N_("This cannot be done yet. %(reasons)s")

    def __init__(self, blockers: Sequence[Sentence], **params: object) -> None:
        self.blockers = tuple(blockers)
        super().__init__(reasons=" ".join(str(blocker) for blocker in blockers), **params)


class RoundNotOpen(DomainError):
    """A rating came while the round takes none."""

    message = N_("Round %(round)s is not open. This change was not counted.")


class NotInvited(DomainError):
    """The panelist is not part of this round."""

    message = N_(
        "You are not asked to answer in round %(round)s. If you think this is a mistake, please "
        "tell the study team."
    )


class TakesPartAlready(DomainError):
    """Somebody who consented says that they do not take part; leaving is another step."""

    message = N_("You have already said that you take part. If you want to stop, choose “Stop taking part”.")


class UnknownStatement(DomainError):
    """The statement is not part of this round's questionnaire."""

    message = N_("The statement “%(statement)s” is not part of this round.")


class UnknownCriterion(DomainError):
    """The protocol rates statements on no such criterion."""

    message = N_("Statements of this study are not rated on “%(criterion)s”.")


class UnknownQuestion(DomainError):
    """The open question, or the place for an answer to it, is not part of this round."""

    message = N_("The open question “%(question)s” is not part of this round.")


class PointOffScale(DomainError):
    """The rating is not a point of the criterion's scale."""

    message = N_(
        "“%(point)s” is not on the scale of statement %(statement)s. Choose one of %(first)s to "
        "%(last)s, or “unable to rate”."
    )


class RatingContradictsItself(DomainError):
    """Both a point and "unable to rate", or neither."""

    message = N_("For statement %(statement)s choose either a point of the scale or “unable to rate”.")


class TextTooLong(DomainError):
    """A free text is longer than what is stored."""

    message = N_(
        "This text has %(length)s characters; at most %(limit)s can be kept. Shorten it, and save again."
    )


class TextNotReadable(DomainError):
    """A free text has characters that no text has, such as a NUL."""

    message = N_("This text has a character that cannot be stored. Delete it, or type the text again.")


class UnknownReason(DomainError):
    """The coded reason is not in the list."""

    message = N_("“%(reason)s” is not one of the reasons listed.")


class StaleRating(DomainError):
    """Another tab or device changed the rating in between; nothing was overwritten."""

    message = N_(
        "Your rating of %(statement)s was changed on another page in the meantime. Nothing was "
        "overwritten: choose which one counts."
    )


class StaleComment(DomainError):
    """Another tab or device changed the comment in between; nothing was overwritten."""

    message = N_(
        "Your comment on %(statement)s was changed on another page in the meantime. "
        "Nothing was overwritten: choose which one counts."
    )


class StaleAnswer(DomainError):
    """Another tab or device changed the answer to an open question in between; nothing was overwritten."""

    message = N_(
        "Your answer to %(question)s was changed on another page in the meantime. "
        "Nothing was overwritten: choose which one counts."
    )


class RepeatedRequestDiffers(DomainError):
    """The same request key came again with another content."""

    message = N_("This form was already sent with other content. Reload the page and look at what is stored.")


class LinkNotValid(DomainError):
    """The personal link is unknown, revoked or expired."""

    message = N_(
        "This link does not open a questionnaire. It may have been replaced by a newer one. Please "
        "ask the study team for a new link."
    )


class PanelistSignedOut(DomainError):
    """There is no running session of a panelist."""

    message = N_("To protect your answers, please open the personal link from your invitation again.")


class ConsentMissing(DomainError):
    """The panelist has not consented yet."""

    message = N_("Please read about the study and say whether you take part, before you answer.")


class PanelistHasLeft(DomainError):
    """The panelist declined or withdrew."""

    message = N_("You have left this study. Nothing more is asked of you and nothing more is stored.")


class DisowningUnclear(DomainError):
    """Somebody says that a link or a page is not theirs, but not how they came to it."""

    message = N_("Choose what happened.")


class DisowningUnconfirmed(DomainError):
    """The word that shows that a person says so, and not a program that follows links, is missing."""

    message = N_("Write the word “%(word)s” here, so that we know that a person says this.")


class ProfileAnswerRefused(DomainError):
    """A profile answer does not fit its question."""

    message = N_("Please check the answer to “%(question)s”: %(problem)s")


class ProfileIncomplete(DomainError):
    """A required profile question has no answer."""

    message = N_("Please answer “%(question)s”.")


class QuestionnaireIncomplete(DomainError):
    """Something is still unanswered; abstaining counts as an answer."""

    message, plural = NN_(
        "One statement still waits for an answer: %(statements)s. “Unable to rate” is an answer too.",
        "%(missing)s statements still wait for an answer: %(statements)s. “Unable to rate” is an answer too.",
    )
    counted = "missing"


class SignInRefused(DomainError):
    """Wrong address or password; which of the two is not told."""

    message = N_("The e-mail address or the password is not right. Check both and try again.")


class TooManyAttempts(DomainError):
    """The account, the address or the link was tried too often in a short time."""

    message, plural = NN_(
        "There were too many attempts. Wait one minute and try again.",
        "There were too many attempts. Wait %(minutes)s minutes and try again.",
    )
    counted = "minutes"


class ResearcherSignedOut(DomainError):
    """There is no running session of a researcher."""

    message = N_("Please sign in to go on.")


class NotAllowed(DomainError):
    """The researcher's role in this study does not include this."""

    message = N_("Your role in this study does not include this. Ask an owner of the study.")


class AccountExists(DomainError):
    """A researcher with this address is already there."""

    message = N_("There is already an account for %(email)s.")


class LastOwnerStays(DomainError):
    """The last owner of a study would be removed or get another role."""

    message = N_(
        "%(name)s is the only owner of the study, and a study needs one. "
        "Make another colleague an owner first."
    )


class ColleagueAlready(DomainError):
    """Somebody is invited who has a part in the study."""

    message = N_("%(email)s has a part in this study already. Change the role in the list of colleagues.")


class InvitedAlready(DomainError):
    """An invitation to the same address still waits."""

    message = N_("%(email)s has an invitation that still waits. Withdraw it before you write another.")


class InvitationNotValid(NotFound):
    """The invitation is unknown, or was accepted, withdrawn or left too long."""

    message = N_(
        "This invitation cannot be used: it was accepted or withdrawn, or it is too old. "
        "Ask whoever invited you for a new one."
    )


class InvitationNotWaiting(NotFound):
    """The study has no such invitation that waits."""

    message = N_("This invitation does not wait any more: it was accepted or withdrawn.")


class TakesPartInTeam(DomainError):
    """Somebody accepts an invitation to a study in which they have a part."""

    message = N_("You have a part in this study already. The invitation was left as it is.")


class RoleMissing(DomainError):
    """No role was chosen, or none that there is."""

    message = N_("Choose a role.")


class NameMissing(DomainError):
    """An account was to be made without a name."""

    message = N_("Write the name that colleagues see.")


class LiftingNeedsReason(DomainError):
    """A pseudonym was to be lifted without a reason."""

    message = N_("Say why you need to know who this is. The reason stands in the log.")


class NobodyBehindPseudonym(NotFound):
    """The panelist has left and had everything erased, so that no name is stored."""

    message = N_("No name is stored for %(name)s any more: this panelist had it erased.")


class ProviderAway(DomainError):
    """The provider that vouches for people does not answer, or not as one does."""

    message = N_(
        "The sign-in of your organisation does not answer now. Try again in half a minute, "
        "or sign in with your password."
    )


class SignInNotFinished(DomainError):
    """Somebody comes back from a provider without an answer to a question that this browser asked."""

    message = N_("The sign-in did not come to its end, and nothing was opened. Begin it again.")


class NotKnownHere(DomainError):
    """A provider vouches for somebody who has no account."""

    message = N_(
        "Your organisation knows you, but there is no account here for your e-mail address. "
        "Ask the owner of a study to invite you."
    )


class PasswordWrong(DomainError):
    """Somebody who is signed in confirms a change with another password than that of the account."""

    message = N_("This is not your password. Type it as you do when you sign in.")


class CodeWrong(DomainError):
    """The code of the second factor is not right, or was used already."""

    message = N_("This code is not right, or it was used already. Type the one that your device shows now.")


class SecondFactorAlready(DomainError):
    """The second factor is switched on already, perhaps in another tab."""

    message = N_("The second factor is switched on already.")


class RecoveryNotValid(NotFound):
    """The link for a new password is unknown, was used, or is too old."""

    message = N_("This link cannot be used: it was used already, or it is too old. Ask for a new one.")


class PasswordTooWeak(DomainError):
    """The password is shorter than the promise to the panel allows."""

    message = N_("Choose a password of at least %(minimum)s characters.")


class AddressNotValid(DomainError):
    """The e-mail address cannot be one."""

    message = N_("“%(email)s” does not look like an e-mail address. Check it for typing errors.")


class ProtocolNotValid(DomainError):
    """The protocol has faults; ``faults`` lists them all."""

    message, plural = NN_(
        "The protocol has one fault: %(listing)s", "The protocol has %(count)s faults: %(listing)s"
    )
    counted = "count"

    def __init__(self, faults: Sequence[ProtocolFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults), listing="; ".join(str(fault) for fault in self.faults))


class DesignChangedMeanwhile(DomainError):
    """Somebody else changed the study's design since the page was opened."""

    message = N_(
        "A colleague has changed this in the meantime. Nothing was overwritten: what you filled in stands "
        "below, with what is stored now beside it. Save again to keep yours."
    )


class GroupHasPanelists(DomainError):
    """A stakeholder group was left out that has panelists."""

    message, plural = NN_(
        "One panelist belongs to the group “%(group)s”. Move them to another group before you leave it out.",
        "%(count)s panelists belong to the group “%(group)s”. Move them to another group before you leave it "
        "out.",
    )
    counted = "count"

    def __init__(self, count: int, **params: object) -> None:
        super().__init__(count=count, **params)


class LanguageHasPanelists(GroupHasPanelists):
    """A language was left out in which panelists are written to."""

    message, plural = NN_(
        "One panelist is written to in “%(language)s”. Choose another language for them before you leave it "
        "out.",
        "%(count)s panelists are written to in “%(language)s”. Choose another language for them before you "
        "leave it out.",
    )


class TextsAreFixed(DomainError):
    """What panelists consented to would change."""

    message = N_(
        "What the panel was told stands fixed since round 1 opened: people consented to it. Only the "
        "protocol can be amended."
    )


class AmendmentNeedsReason(DomainError):
    """An amendment came without its reason."""

    message = N_("Say why the protocol is amended; the report prints the reason.")


class AmendmentTouchesRatings(DomainError):
    """An amendment would change what ratings already given rest on."""

    message = N_(
        "An amendment cannot change %(what)s: what the panel has answered rests on them. "
        "Import the files as a new study instead."
    )


class ImportRefused(DomainError):
    """The files have faults; nothing was stored. ``faults`` lists them all."""

    message, plural = NN_(
        "Nothing was stored: the files have one fault.",
        "Nothing was stored: the files have %(count)s faults.",
    )
    counted = "count"

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(count=len(self.faults))


class AnalysisMissing(DomainError):
    """The figures asked for have not been computed yet."""

    message = N_("Round %(round)s has not been analysed yet. Close it first.")


class CommentNotFound(NotFound):
    """The comment is not there any more: its author has left and had everything erased."""

    message = N_("This comment on %(statement)s is not there any more: its author has had it erased.")


class ModerationNotPossible(DomainError):
    """A decision on a comment comes before the round is closed, or after its feedback was released."""

    message = N_(
        "Comments are decided on between the close of their round and the release of its feedback. "
        "Afterwards a comment that is shown can only be withdrawn."
    )


class RedactionEmpty(DomainError):
    """A comment is to be redacted to nothing."""

    message = N_("Write what the panel is to read instead, or withhold the comment.")


class LogBroken(DomainError):
    """The log does not fit its own chain of hashes."""

    message = N_(
        "The log of %(slug)s is not whole: from entry %(entry)s on it does not fit its hashes. An entry was "
        "changed, moved or taken out. Keep the database as it is, and find out who could write to it."
    )


class HashNotInLog(NotFound):
    """A hash that a report printed is none of the log's."""

    message = N_(
        "The log of %(slug)s is whole, but none of its entries has the hash %(hash)s. Is it copied in full, "
        "from a report of this study? If it is, the log was written anew since."
    )
