"""Let the database mark each change of completions about a day that is closed."""

from alembic import op

from reports.kept.watching import unwatch_statements, watch_statements

revision = "0067"
down_revision = "0066"
branch_labels = None
depends_on = None

# In the order in which they are written, so that on PostgreSQL nobody waits crosswise.
TABLES = ("completion", "completion_event")


def upgrade() -> None:
    for statement in watch_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)


def downgrade() -> None:
    for statement in unwatch_statements(op.get_bind().dialect.name, TABLES):
        op.execute(statement)
