"""Let the database mark each change of jobs and units about a day that is closed."""

from alembic import op

from reports.kept.watching import unwatch_statements, watch_statements

revision = "0068"
down_revision = "0067"
branch_labels = None
depends_on = None

# In the order in which they are written, so that on PostgreSQL nobody waits crosswise.
TABLES = ("unit", "unit_period", "employment", "employment_terms", "employment_absence")


def upgrade() -> None:
    for statement in watch_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)


def downgrade() -> None:
    for statement in unwatch_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)
