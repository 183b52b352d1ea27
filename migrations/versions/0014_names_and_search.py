"""Keep more of the names that people bear, and the words by which they are found.

Housekeeping fills in the words of those who are here, and of those whom older code adds meanwhile.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NAMES = {"called": 100, "pronunciation": 200, "sorting_name": 200, "search_text": 200}


def upgrade() -> None:
    for name, length in NAMES.items():
        op.add_column("person", sa.Column(name, sa.String(length), nullable=True))
    op.create_index(op.f("ix_person_search_text"), "person", ["search_text"])
    op.create_table(
        "person_word",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(60).with_variant(sa.String(60, collation="C"), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_person_word_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", "word", name=op.f("pk_person_word")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_person_word_word_person_id"), "person_word", ["word", "person_id"])


def downgrade() -> None:
    op.drop_table("person_word")
    op.drop_index(op.f("ix_person_search_text"), table_name="person")
    for name in reversed(NAMES):
        op.drop_column("person", name)
