"""Changing the topics of a study."""

from app.domain.errors import DomainError
from app.domain.messages import N_

TOPIC_NAME_LIMIT = 200


class TopicsChangedMeanwhile(DomainError):
    """Somebody else changed the topics since the page was opened; nothing was overwritten."""

    message = N_(
        "The topics were changed by somebody else since you opened this page. Nothing was overwritten: "
        "what you typed stands in the fields, what is stored now beside it."
    )


class TopicNameMissing(DomainError):
    """A topic lacks its name in a language."""

    message = N_("The name of the topic “%(topic)s” is missing in %(language)s.")


class NewTopicNameMissing(TopicNameMissing):
    """A topic that is being added lacks its name in a language."""

    message = N_("The name of the new topic is missing in %(language)s.")
