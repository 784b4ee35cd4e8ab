"""How far the coders of a study agree on its themes."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.coding_results import CodersAgreement
from app.domain.theme import PlacedTheme, in_hierarchy
from app.services.finding import get_study_of
from app.storage import codings, themes
from app.storage.database import Database


@dataclass(frozen=True)
class StudyAgreement:
    """The agreement of those who coded, by the numbers under which they and the themes are kept."""

    themes: tuple[PlacedTheme, ...]
    coders: Mapping[int, str]
    n_coded: Mapping[int, int]
    agreement: CodersAgreement


def read_agreement(database: Database, slug: str) -> StudyAgreement:
    """How far all who have coded something agree.

    Raises
    ------
    StudyNotFound
    """
    # Its library takes long to load, and few pages need it.
    from analysis.coding_agreement import coders_agreement  # noqa: PLC0415

    with database.reading() as connection:
        study = get_study_of(connection, slug)
        stored = themes.read_themes(connection, study.id)
        coders = codings.read_coders(connection, study.id)
        said = codings.read_codings(connection, study.id)
    codes: dict[str, dict[str, set[str]]] = {str(coder): {} for coder in coders}
    for one in said:
        given = codes[str(one.researcher_id)].setdefault(str(one.material_id), set())
        if one.theme_id is not None:
            given.add(str(one.theme_id))
    placed = in_hierarchy(stored)
    return StudyAgreement(
        themes=placed,
        coders=coders,
        n_coded={coder: len(codes[str(coder)]) for coder in coders},
        agreement=coders_agreement(codes, [str(one.theme.id) for one in placed]),
    )
