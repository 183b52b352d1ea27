"""Keep the unit of a run and of a zip by its id as well: names change, and one begins another."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("certificate_run", "certificate_archive"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
            batch_op.create_foreign_key(op.f(f"fk_{table}_unit_id_unit"), "unit", ["unit_id"], ["id"])
        op.execute(
            f"UPDATE {table} SET unit_id = (SELECT unit.id FROM unit WHERE unit.path = {table}.unit_path"  # noqa: S608
            f" AND unit.organisation_id = {table}.organisation_id) WHERE unit_path IS NOT NULL"
        )


def downgrade() -> None:
    for table in ("certificate_run", "certificate_archive"):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(op.f(f"fk_{table}_unit_id_unit"), type_="foreignkey")
            batch_op.drop_column("unit_id")
