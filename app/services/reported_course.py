"""What a report says beside figures: overrides, what became of statements, and recommendations."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from app.domain.statement import LineageKind
from app.domain.statement_editing import Lineage, StatementEntry
from app.domain.study import Study
from app.reports.facts import (
    ChangeKind,
    ReportedAudience,
    ReportedOverride,
    ReportedRecommendation,
    ReportedTheme,
    StatementChange,
)
from app.storage import carry_overrides, codings, recommendations, themes
from app.storage.database import Connection
from app.storage.statement_entries import read_entries, read_lineage, read_new_wordings


def reported_overrides(
    connection: Connection, study: Study, up_to_round: int
) -> tuple[ReportedOverride, ...]:
    """What rounds asked or left out against the rule, round by round."""
    return tuple(
        ReportedOverride(number, one.statement, one.asks, one.reason)
        for number, overrides in carry_overrides.read_applied_overrides(connection, study.id).items()
        if number <= up_to_round
        for one in overrides
    )


def reported_changes(
    connection: Connection, study: Study, up_to_round: int, asked: Sequence[str]
) -> tuple[StatementChange, ...]:
    """What became of statements on the way, in their order; of those never ``asked``, what they came from."""
    stored = read_entries(connection, study.id)
    codes = {one.id: one.entry.statement.code for one in stored}
    changes = [
        *_from_others(read_lineage(connection, study.id)),
        *(
            StatementChange(codes[number], ChangeKind.FROM_TEXTS, n_texts=n)
            for number, n in codings.count_sources(connection, study.id).items()
        ),
        *(
            StatementChange(code, ChangeKind.NEW_WORDING, reason, version=version, round=number)
            for code, version, number, reason in read_new_wordings(connection, study.id)
            if number <= up_to_round
        ),
    ]
    given_up = {code for change in changes if change.kind is ChangeKind.SPLIT for code in [change.statement]}
    given_up |= {code for change in changes if change.kind is ChangeKind.MERGED for code in change.others}
    entries = [one.entry for one in stored]
    changes += _withdrawn(entries, given_up)
    known = set(asked)
    place = {code: n for n, code in enumerate(codes.values())}
    return tuple(
        sorted(
            (change for change in changes if known & {change.statement, *change.others}),
            key=lambda change: place[change.statement],
        )
    )


def reported_audiences(connection: Connection, study: Study) -> tuple[ReportedAudience, ...]:
    """The audiences to whom something is recommended."""
    named = {one.id: ReportedTheme(one.name, one.heading) for one in themes.read_themes(connection, study.id)}
    stored = recommendations.read_recommendations(connection, study.id)
    names = {one.code: one.name for one in recommendations.read_audiences(connection, study.id)}
    return tuple(
        ReportedAudience(
            code,
            names[code],
            tuple(
                ReportedRecommendation(
                    text=one.text,
                    reservation=one.reservation,
                    statements=one.basis.statements,
                    evidence=one.basis.evidence,
                    themes=tuple(named[number] for number in one.basis.themes),
                )
                for one in mine
            ),
        )
        for code, mine in groupby(stored, key=lambda one: one.audience)
    )


def _from_others(lineage: Sequence[Lineage]) -> Iterator[StatementChange]:
    """A split stands with the statement that was split, everything else with the one that came."""
    splits = [one for one in lineage if one.kind is LineageKind.SPLIT]
    for code in dict.fromkeys(one.from_code for one in splits):
        parts = [one for one in splits if one.from_code == code]
        others = tuple(one.code for one in parts)
        yield StatementChange(code, ChangeKind.SPLIT, parts[0].reason, others)
    rest = [one for one in lineage if one.kind is not LineageKind.SPLIT]
    for code in dict.fromkeys(one.code for one in rest):
        origins = [one for one in rest if one.code == code]
        others = tuple(one.from_code for one in origins)
        yield StatementChange(code, ChangeKind(origins[0].kind.value), origins[0].reason, others)


def _withdrawn(entries: Sequence[StatementEntry], given_up: set[str]) -> Iterator[StatementChange]:
    """Those that were withdrawn and have no successor."""
    for entry in entries:
        code = entry.statement.code
        if entry.withdrawn_at is not None and code not in given_up:
            yield StatementChange(code, ChangeKind.WITHDRAWN, entry.withdrawal_reason)
