"""Let the database mark each change of what is asked about a day that is closed."""

from alembic import op

from reports.kept.watching import unwatch_statements, watch_statements

revision = "0069"
down_revision = "0068"
branch_labels = None
depends_on = None

# In the order in which they are written, so that on PostgreSQL nobody waits crosswise.
TABLES = (
    "requirement",
    "exemption",
    "exemption_end",
    "audience",
    "audience_version",
    "programme",
    "programme_version",
    "programme_route",
    "earlier_training_rule",
)


def upgrade() -> None:
    for statement in watch_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)


def downgrade() -> None:
    for statement in unwatch_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)
