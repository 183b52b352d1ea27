"""Figures that are kept: of nobody, and with small groups hidden."""

from privacy.register.entries import FOR_GOOD, Holding

FIGURES_KEPT = (
    Holding(
        table="published_figure",
        title="Figures that were published, as they were shown, with small groups hidden",
        purpose="To give the same number for ever to whoever has its number",
        kept=FOR_GOOD,
        seen_by="Who sees the figures of the authority; anybody, where it was published for everybody",
        acted=("published_by_account_id",),
        columns={
            "number": "Under which it can be asked for",
            "organisation_id": "Authority",
            "course_id": "Course",
            "definition": "What it is the figure of",
            "result": "What was shown",
            "is_public": "Whether anybody may open it",
            "published_at": "When it was published",
            "published_by_account_id": "By whom",
        },
    ),
)
