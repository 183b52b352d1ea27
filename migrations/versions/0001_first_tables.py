"""First tables."""

import sqlalchemy as sa
from alembic import op

from kernel.append_only import protection_statements

APPEND_ONLY = (
    "audit_entry",
    "certificate_branding",
    "certificate_event",
    "certificate_picture",
    "completion",
    "course_version",
    "local_text",
    "quiz_adjustment",
)


revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=80), nullable=False),
        sa.Column("subject_type", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_audit_entry_subject_type_subject_id"), ["subject_type", "subject_id"], unique=False
        )

    op.create_table(
        "course",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("code", name=op.f("uq_course_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_course_slug")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    op.create_table(
        "outbox_promise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_promise")),
        sa.UniqueConstraint("job", "subject", name=op.f("uq_outbox_promise_job_subject")),
    )
    with op.batch_alter_table("outbox_promise", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_promise_open",
            ["job", "made_at"],
            unique=False,
            postgresql_where=sa.text("kept_at IS NULL"),
            sqlite_where=sa.text("kept_at IS NULL"),
        )

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chosen_name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_chosen_name"), ["chosen_name"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("last_signed_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "requirement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_requirement_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_requirement_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requirement")),
    )
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.create_index(
            "uq_requirement_in_force",
            ["organisation_id", "course_id"],
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "unit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("directorate", "service", "team", name="unitkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("path", sa.String(length=620), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("organisation_id", "path", name=op.f("uq_unit_organisation_id_path")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "course_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.String(length=1000), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("follows_slug", sa.String(length=80), nullable=True),
        sa.Column("follows_weeks", sa.Integer(), nullable=True),
        sa.Column("gives_certificate", sa.Boolean(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_course_version_course_id_course")),
        sa.ForeignKeyConstraint(
            ["published_by_account_id"],
            ["account.id"],
            name=op.f("fk_course_version_published_by_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_course_version_course_id_number")),
    )
    op.create_table(
        "employment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("payroll_number", sa.String(length=40), nullable=False),
        sa.Column("job_title", sa.String(length=200), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "employee",
                "casual",
                "agency",
                "elected-member",
                name="employmentkind",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_main", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.CheckConstraint("away_until IS NULL OR away_from IS NOT NULL", name=op.f("ck_employment_away_has_start")),
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_employment_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_employment_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_employment_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_employment_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_employment")),
        sa.UniqueConstraint(
            "organisation_id", "payroll_number", name=op.f("uq_employment_organisation_id_payroll_number")
        ),
    )
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_employment_organisation_id_person_id"),
            ["organisation_id", "person_id"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_employment_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_employment_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "local_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=60), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by_account_id"],
            ["account.id"],
            name=op.f("fk_local_text_changed_by_account_id_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_local_text_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_text")),
    )
    with op.batch_alter_table("local_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_local_text_organisation_id_token_id"),
            ["organisation_id", "token", "id"],
            unique=False,
        )

    op.create_table(
        "role_grant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum("hr-lead", "manager", "author", "admin", name="role", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'hr-lead' AND organisation_id IS NOT NULL AND unit_id IS NULL)"
            " OR (role = 'manager' AND organisation_id IS NOT NULL AND unit_id IS NOT NULL)"
            " OR (role IN ('author', 'admin') AND organisation_id IS NULL AND unit_id IS NULL)",
            name=op.f("ck_role_grant_scope_fits_role"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_role_grant_account_id_account")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_role_grant_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_role_grant_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_account_id"), ["account_id"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at_module", sa.String(length=80), nullable=False),
        sa.Column("at_screen", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_attempt_course_id_course")),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_attempt_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attempt_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("person_id", "course_id", "cycle", name=op.f("uq_attempt_person_id_course_id_cycle")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_course_id_person_id"), ["course_id", "person_id"], unique=False)

    op.create_table(
        "completion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("cycle", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("unit_path", sa.String(length=620), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "source",
            sa.Enum("platform", "imported", name="completionsource", native_enum=False, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_completion_course_id_course")),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_completion_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_completion_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_completion_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_completion")),
        sa.UniqueConstraint("person_id", "course_id", "cycle", name=op.f("uq_completion_person_id_course_id_cycle")),
    )
    with op.batch_alter_table("completion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_completion_course_id_person_id"), ["course_id", "person_id"], unique=False)

    op.create_table(
        "example_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("set_id", sa.String(length=60), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_example_choice_course_id_course")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_example_choice_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_example_choice")),
        sa.UniqueConstraint("person_id", "course_id", name=op.f("uq_example_choice_person_id_course_id")),
    )
    op.create_table(
        "team_talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_team_talk_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_talk")),
        sa.UniqueConstraint("person_id", "month", name=op.f("uq_team_talk_person_id_month")),
    )
    op.create_table(
        "course_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by_account_id", sa.Integer(), nullable=True),
        sa.Column("published_version_id", sa.Integer(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["published_version_id"],
            ["course_version.id"],
            name=op.f("fk_course_upload_published_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_account_id"],
            ["account.id"],
            name=op.f("fk_course_upload_uploaded_by_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_upload")),
    )
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("response", sa.JSON(), nullable=False),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("marking_version", sa.Integer(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_answer_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint(
            "attempt_id",
            "question_id",
            "try_number",
            name=op.f("uq_answer_attempt_id_question_id_try_number"),
        ),
    )
    op.create_table(
        "certificate_picture",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_certificate_picture")),
    )
    op.create_table(
        "certificate_branding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_branding_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["saved_by_account_id"], ["account.id"], name=op.f("fk_certificate_branding_saved_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_branding")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_certificate_branding_organisation_id_number")),
    )
    op.create_table(
        "certificate_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum("issue", "reissue", name="runkind", native_enum=False, length=40), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_path", sa.String(length=620), nullable=True),
        sa.Column("takes_imported", sa.Boolean(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "name-corrected",
                "template-fault",
                "issued-in-error",
                "wrong-person",
                "course-withdrawn",
                "revoked-in-error",
                "matter-settled",
                "other",
                name="reason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column(
            "mail",
            sa.Enum("none", "at-once", "morning", name="runmail", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("last_id", sa.Integer(), nullable=False),
        sa.Column("started_by_account_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum("running", "paused", "cancelled", "done", name="runstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("handled_id", sa.Integer(), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.Column("open_key", sa.String(length=700), nullable=True),
        sa.CheckConstraint(
            "unit_path IS NULL OR organisation_id IS NOT NULL", name=op.f("ck_certificate_run_unit_has_authority")
        ),
        sa.CheckConstraint("kind = 'issue' OR reason IS NOT NULL", name=op.f("ck_certificate_run_reissue_has_reason")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_run_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_run_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["started_by_account_id"], ["account.id"], name=op.f("fk_certificate_run_started_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_run")),
        sa.UniqueConstraint("open_key", name=op.f("uq_certificate_run_open_key")),
    )
    with op.batch_alter_table("certificate_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_run_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "certificate_archive",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unit_path", sa.String(length=620), nullable=True),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "making",
                "ready",
                "failed",
                "gone",
                "cancelled",
                name="archivestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "state <> 'ready' OR (sha256 IS NOT NULL AND ends_at IS NOT NULL)",
            name=op.f("ck_certificate_archive_ready_has_file"),
        ),
        sa.CheckConstraint(
            "unit_path IS NULL OR organisation_id IS NOT NULL",
            name=op.f("ck_certificate_archive_unit_has_authority"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_account_id"], ["account.id"], name=op.f("fk_certificate_archive_asked_by_account_id_account")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_archive_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"],
            ["organisation.id"],
            name=op.f("fk_certificate_archive_organisation_id_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_archive")),
    )
    with op.batch_alter_table("certificate_archive", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_archive_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_archive_state"), ["state"], unique=False)

    op.create_table(
        "certificate_signing_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_signing_key")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_certificate_signing_key_fingerprint")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("completion_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("supersedes_number", sa.String(length=24), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("holder_name", sa.String(length=200), nullable=False),
        sa.Column("organisation_name", sa.String(length=200), nullable=False),
        sa.Column("course_title", sa.String(length=200), nullable=False),
        sa.Column("course_version", sa.Integer(), nullable=False),
        sa.Column("course_modules", sa.Integer(), nullable=False),
        sa.Column("course_minutes", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("completed_on", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("branding_id", sa.Integer(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "pending",
                "rendering",
                "ready",
                "failed",
                "parked",
                name="certificatestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.Column("storage_key", sa.String(length=120), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("made_with", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signing_key_id", sa.Integer(), nullable=True),
        sa.Column("has_time_stamp", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "edition = 1 OR supersedes_number IS NOT NULL", name=op.f("ck_certificate_later_edition_supersedes")
        ),
        sa.CheckConstraint(
            "state NOT IN ('failed', 'parked') OR failure_reason IS NOT NULL",
            name=op.f("ck_certificate_failed_has_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'ready' OR (storage_key IS NOT NULL AND sha256 IS NOT NULL AND ready_at IS NOT NULL)",
            name=op.f("ck_certificate_ready_has_file"),
        ),
        sa.ForeignKeyConstraint(
            ["branding_id"], ["certificate_branding.id"], name=op.f("fk_certificate_branding_id_certificate_branding")
        ),
        sa.ForeignKeyConstraint(
            ["completion_id"], ["completion.id"], name=op.f("fk_certificate_completion_id_completion")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")),
        sa.ForeignKeyConstraint(["run_id"], ["certificate_run.id"], name=op.f("fk_certificate_run_id_certificate_run")),
        sa.ForeignKeyConstraint(
            ["signing_key_id"],
            ["certificate_signing_key.id"],
            name=op.f("fk_certificate_signing_key_id_certificate_signing_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("completion_id", "edition", name=op.f("uq_certificate_completion_id_edition")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_ready_at"), ["ready_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_sha256"), ["sha256"], unique=False)
        batch_op.create_index(
            "ix_certificate_unmade",
            ["id", "state"],
            unique=False,
            postgresql_where=sa.text("state != 'ready'"),
            sqlite_where=sa.text("state != 'ready'"),
        )

    op.create_table(
        "certificate_extra",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum("large-print", "preview", name="extrakind", native_enum=False, length=40), nullable=False
        ),
        sa.Column("certificate_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("document", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.Column("storage_key", sa.String(length=120), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("size_bytes", sa.Integer(), nullable=True),
        sa.Column("made_with", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("signing_key_id", sa.Integer(), nullable=True),
        sa.Column("has_time_stamp", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'large-print' AND certificate_id IS NOT NULL AND document IS NULL)"
            " OR (kind = 'preview' AND organisation_id IS NOT NULL AND document IS NOT NULL)",
            name=op.f("ck_certificate_extra_belongs_to_something"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_account_id"], ["account.id"], name=op.f("fk_certificate_extra_asked_by_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_extra_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_extra_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["signing_key_id"],
            ["certificate_signing_key.id"],
            name=op.f("fk_certificate_extra_signing_key_id_certificate_signing_key"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_extra")),
    )
    with op.batch_alter_table("certificate_extra", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_extra_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_extra_sha256"), ["sha256"], unique=False)

    op.create_table(
        "certificate_lost_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(length=120), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("extra_id", sa.Integer(), nullable=True),
        sa.Column(
            "loss",
            sa.Enum("missing", "changed", "unreadable", name="loss", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=True),
        sa.Column("refusal", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_account_id"], ["account.id"], name=op.f("fk_certificate_lost_file_asked_by_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_lost_file_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["extra_id"], ["certificate_extra.id"], name=op.f("fk_certificate_lost_file_extra_id_certificate_extra")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_lost_file")),
        sa.UniqueConstraint("storage_key", name=op.f("uq_certificate_lost_file_storage_key")),
    )
    with op.batch_alter_table("certificate_lost_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_lost_file_certificate_id"), ["certificate_id"], unique=False)

    op.create_table(
        "certificate_file_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_account_id", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=40), nullable=False),
        sa.Column("position", sa.String(length=250), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("orphans", sa.Integer(), nullable=False),
        sa.Column("orphan_bytes", sa.BigInteger(), nullable=False),
        sa.Column("first_orphans", sa.JSON(), nullable=False),
        sa.Column("parts_removed", sa.Integer(), nullable=False),
        sa.Column("records", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=True),
        sa.ForeignKeyConstraint(
            ["asked_by_account_id"], ["account.id"], name=op.f("fk_certificate_file_check_asked_by_account_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_file_check")),
    )
    with op.batch_alter_table("certificate_file_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_file_check_asked_at"), ["asked_at"], unique=False)

    op.create_table(
        "certificate_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("superseded", "revoked", "restored", name="eventkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column(
            "reason",
            sa.Enum(
                "name-corrected",
                "template-fault",
                "issued-in-error",
                "wrong-person",
                "course-withdrawn",
                "revoked-in-error",
                "matter-settled",
                "other",
                name="reason",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("actor_account_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_account_id"], ["account.id"], name=op.f("fk_certificate_event_actor_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_event_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_event")),
    )
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_event_certificate_id"), ["certificate_id"], unique=False)

    op.create_table(
        "certificate_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_link_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_link")),
        sa.UniqueConstraint("secret_sha256", name=op.f("uq_certificate_link_secret_sha256")),
    )
    with op.batch_alter_table("certificate_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_link_certificate_id"), ["certificate_id"], unique=False)

    op.create_table(
        "module_progress",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("module_id", sa.String(length=40), nullable=False),
        sa.Column("screens_done", sa.Integer(), nullable=False),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_module_progress_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_module_progress")),
        sa.UniqueConstraint("attempt_id", "module_id", name=op.f("uq_module_progress_attempt_id_module_id")),
    )
    op.create_table(
        "quiz_adjustment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.String(length=80), nullable=False),
        sa.Column("after_number", sa.Integer(), nullable=False),
        sa.Column("extra_attempts", sa.Integer(), nullable=False),
        sa.Column("waives_pause", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_by_account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_quiz_adjustment_attempt_id_attempt")),
        sa.ForeignKeyConstraint(
            ["made_by_account_id"],
            ["account.id"],
            name=op.f("fk_quiz_adjustment_made_by_account_id_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_adjustment")),
    )
    with op.batch_alter_table("quiz_adjustment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_quiz_adjustment_attempt_id_quiz_id"), ["attempt_id", "quiz_id"], unique=False
        )

    op.create_table(
        "quiz_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.String(length=80), nullable=False),
        sa.Column("after_number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "answered",
            sa.Enum("given", "declined", name="answered", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("answer", sa.String(length=500), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_quiz_request_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_request")),
        sa.UniqueConstraint(
            "attempt_id",
            "quiz_id",
            "after_number",
            name=op.f("uq_quiz_request_attempt_id_quiz_id_after_number"),
        ),
    )
    op.create_table(
        "quiz_sitting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("quiz_id", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=120), nullable=False),
        sa.Column("question_ids", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("pause_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("right_answers", sa.Integer(), nullable=True),
        sa.Column("out_of", sa.Integer(), nullable=True),
        sa.Column("is_passed", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_quiz_sitting_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_sitting")),
        sa.UniqueConstraint(
            "attempt_id",
            "quiz_id",
            "number",
            name=op.f("uq_quiz_sitting_attempt_id_quiz_id_number"),
        ),
    )
    op.create_table(
        "quiz_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sitting_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("response", sa.JSON(), nullable=False),
        sa.Column(
            "certainty",
            sa.Enum("not-sure", "fairly-sure", "very-sure", name="certainty", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("seconds", sa.Integer(), nullable=True),
        sa.Column("points", sa.Double(), nullable=False),
        sa.Column("out_of", sa.Integer(), nullable=False),
        sa.Column("is_right", sa.Boolean(), nullable=False),
        sa.Column("marking_version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["quiz_sitting.id"], name=op.f("fk_quiz_answer_sitting_id_quiz_sitting")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiz_answer")),
        sa.UniqueConstraint("sitting_id", "question_id", name=op.f("uq_quiz_answer_sitting_id_question_id")),
    )
    op.create_table(
        "reflection",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("reflection_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("choice", sa.Integer(), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_reflection_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reflection")),
        sa.UniqueConstraint("attempt_id", "reflection_id", name=op.f("uq_reflection_attempt_id_reflection_id")),
    )
    op.create_table(
        "plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("form_id", sa.String(length=80), nullable=False),
        sa.Column("situation", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("acts_on", sa.Date(), nullable=True),
        sa.Column("by_or_from", sa.Enum("by", "from", name="byorfrom", native_enum=False, length=40), nullable=False),
        sa.Column(
            "tell",
            sa.Enum("nobody", "buddy", "manager", "team", name="tell", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending", sa.Enum("renewed", "withdrawn", name="ending", native_enum=False, length=40), nullable=True
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_plan_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan")),
    )
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.create_index(
            "uq_plan_current",
            ["person_id", "form_id"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "plan_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_row_id", sa.Integer(), nullable=False),
        sa.Column("course_id", sa.Integer(), nullable=False),
        sa.Column(
            "going",
            sa.Enum("done", "in-progress", "not-yet", "changed-my-mind", name="going", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("obstacle", sa.String(length=60), nullable=True),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_plan_check_course_id_course")),
        sa.ForeignKeyConstraint(["plan_row_id"], ["plan.id"], name=op.f("fk_plan_check_plan_row_id_plan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_check")),
        sa.UniqueConstraint("plan_row_id", "course_id", name=op.f("uq_plan_check_plan_row_id_course_id")),
    )
    op.create_table(
        "course_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_course_comment_course_version_id_course_version"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_course_comment_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_comment")),
        sa.UniqueConstraint(
            "person_id",
            "course_version_id",
            "comment_id",
            name=op.f("uq_course_comment_person_id_course_version_id_comment_id"),
        ),
    )
    with op.batch_alter_table("course_comment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_course_comment_course_version_id_comment_id_said_at"),
            ["course_version_id", "comment_id", "said_at"],
            unique=False,
        )

    op.create_table(
        "rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("instrument_id", sa.String(length=80), nullable=False),
        sa.Column("statement_id", sa.String(length=20), nullable=False),
        sa.Column(
            "moment",
            sa.Enum("before", "after", "later", "looking-back", name="moment", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("value", sa.String(length=60), nullable=False),
        sa.Column("first_said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rating_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_rating_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "person_id",
            "instrument_id",
            "moment",
            "statement_id",
            name=op.f("uq_rating_person_id_instrument_id_moment_statement_id"),
        ),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_rating_organisation_id_instrument_id"), ["organisation_id", "instrument_id"], unique=False
        )

    op.create_table(
        "story_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.String(length=40), nullable=False),
        sa.Column("try_number", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "move", sa.Enum("choose", "back", "again", name="move", native_enum=False, length=40), nullable=False
        ),
        sa.Column("choice_id", sa.String(length=60), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_story_step_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story_step")),
        sa.UniqueConstraint(
            "attempt_id",
            "question_id",
            "try_number",
            "position",
            name=op.f("uq_story_step_attempt_id_question_id_try_number_position"),
        ),
    )
    op.create_table(
        "badge_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("multibase", sa.String(length=64), nullable=False),
        sa.Column("first_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge_key")),
        sa.UniqueConstraint("multibase", name=op.f("uq_badge_key_multibase")),
    )
    op.create_table(
        "badge_status_list",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("good_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_badge_status_list")),
    )
    op.create_table(
        "badge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=43), nullable=False),
        sa.Column("certificate_id", sa.Integer(), nullable=False),
        sa.Column("achievement", sa.String(length=24), nullable=False),
        sa.Column("has_email", sa.Boolean(), nullable=False),
        sa.Column("salt", sa.String(length=43), nullable=False),
        sa.Column("status_list", sa.Integer(), nullable=False),
        sa.Column("status_index", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure_reason", sa.String(length=500), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "ending",
            sa.Enum("withdrawn", "revoked", "replaced", name="ending", native_enum=False, length=40),
            nullable=True,
        ),
        sa.Column("credential", sa.Text(), nullable=True),
        sa.Column("jwt", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ending IS NULL)", name=op.f("ck_badge_ended_for_a_reason")),
        sa.CheckConstraint(
            "made_at IS NULL OR (credential IS NOT NULL AND jwt IS NOT NULL)", name=op.f("ck_badge_made_is_signed")
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_badge_certificate_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("secret", name=op.f("uq_badge_secret")),
        sa.UniqueConstraint("status_list", "status_index", name=op.f("uq_badge_status_list_status_index")),
    )
    with op.batch_alter_table("badge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_badge_achievement"), ["achievement"], unique=False)
        batch_op.create_index(batch_op.f("ix_badge_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(
            "ix_badge_open",
            ["certificate_id"],
            unique=True,
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "message_choice",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "certificates", sa.Enum("at-once", "daily", name="pace", native_enum=False, length=40), nullable=False
        ),
        sa.Column("has_follow_ups", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_choice_person_id_person")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_message_choice")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=60), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_in_digest", sa.Boolean(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "failed",
                "parked",
                "dropped",
                name="messagestate",
                native_enum=False,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_held_up", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_message_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "person_id", "kind", "subject_id", "step", name=op.f("uq_message_person_id_kind_subject_id_step")
        ),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_kind_subject_id"), ["kind", "subject_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_claimed_at"), ["claimed_at"], unique=False)
        batch_op.create_index(
            "ix_message_unsent",
            ["state", "due_at"],
            unique=False,
            postgresql_where=sa.text("state NOT IN ('sent', 'dropped')"),
            sqlite_where=sa.text("state NOT IN ('sent', 'dropped')"),
        )

    op.create_table(
        "item_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_figures", sa.Boolean(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["course_version_id"],
            ["course_version.id"],
            name=op.f("fk_item_snapshot_course_version_id_course_version"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_snapshot")),
        sa.UniqueConstraint("course_version_id", name=op.f("uq_item_snapshot_course_version_id")),
    )

    for table in APPEND_ONLY:
        for statement in protection_statements(table, op.get_bind().dialect.name):
            op.execute(statement)


def downgrade() -> None:
    op.drop_table("item_snapshot")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_unsent",
            postgresql_where=sa.text("state NOT IN ('sent', 'dropped')"),
            sqlite_where=sa.text("state NOT IN ('sent', 'dropped')"),
        )
        batch_op.drop_index(batch_op.f("ix_message_claimed_at"))
        batch_op.drop_index(batch_op.f("ix_message_kind_subject_id"))

    op.drop_table("message")
    op.drop_table("message_choice")
    with op.batch_alter_table("badge", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_badge_open",
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_badge_certificate_id"))
        batch_op.drop_index(batch_op.f("ix_badge_achievement"))

    op.drop_table("badge")
    op.drop_table("badge_status_list")
    op.drop_table("badge_key")
    op.drop_table("story_step")
    with op.batch_alter_table("course_comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_comment_course_version_id_comment_id_said_at"))

    op.drop_table("course_comment")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_organisation_id_instrument_id"))

    op.drop_table("rating")
    op.drop_table("plan_check")
    with op.batch_alter_table("plan", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_plan_current",
            postgresql_where=sa.text("ended_at IS NULL"),
            sqlite_where=sa.text("ended_at IS NULL"),
        )

    op.drop_table("plan")
    op.drop_table("reflection")
    op.drop_table("quiz_answer")
    op.drop_table("quiz_sitting")
    op.drop_table("quiz_request")
    with op.batch_alter_table("quiz_adjustment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_quiz_adjustment_attempt_id_quiz_id"))

    op.drop_table("quiz_adjustment")
    op.drop_table("module_progress")
    with op.batch_alter_table("certificate_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_link_certificate_id"))

    op.drop_table("certificate_link")
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_event_certificate_id"))

    op.drop_table("certificate_event")
    with op.batch_alter_table("certificate_file_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_file_check_asked_at"))

    op.drop_table("certificate_file_check")
    with op.batch_alter_table("certificate_lost_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_lost_file_certificate_id"))

    op.drop_table("certificate_lost_file")
    with op.batch_alter_table("certificate_extra", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_extra_sha256"))
        batch_op.drop_index(batch_op.f("ix_certificate_extra_certificate_id"))

    op.drop_table("certificate_extra")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_certificate_unmade",
            postgresql_where=sa.text("state != 'ready'"),
            sqlite_where=sa.text("state != 'ready'"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_sha256"))
        batch_op.drop_index(batch_op.f("ix_certificate_run_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_ready_at"))
        batch_op.drop_index(batch_op.f("ix_certificate_person_id"))

    op.drop_table("certificate")
    op.drop_table("certificate_signing_key")
    with op.batch_alter_table("certificate_archive", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_archive_state"))
        batch_op.drop_index(batch_op.f("ix_certificate_archive_organisation_id"))

    op.drop_table("certificate_archive")
    with op.batch_alter_table("certificate_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_run_organisation_id"))

    op.drop_table("certificate_run")
    op.drop_table("certificate_branding")
    op.drop_table("certificate_picture")
    op.drop_table("answer")
    op.drop_table("course_upload")
    op.drop_table("team_talk")
    op.drop_table("example_choice")
    with op.batch_alter_table("completion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_completion_course_id_person_id"))

    op.drop_table("completion")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_course_id_person_id"))

    op.drop_table("attempt")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_account_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("local_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_local_text_organisation_id_token_id"))

    op.drop_table("local_text")
    with op.batch_alter_table("employment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_employment_unit_id"))
        batch_op.drop_index(batch_op.f("ix_employment_person_id"))
        batch_op.drop_index(batch_op.f("ix_employment_organisation_id_person_id"))

    op.drop_table("employment")
    op.drop_table("course_version")
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_parent_id"))

    op.drop_table("unit")
    with op.batch_alter_table("requirement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_requirement_in_force",
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )

    op.drop_table("requirement")
    op.drop_table("account")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_chosen_name"))

    op.drop_table("person")
    with op.batch_alter_table("outbox_promise", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outbox_promise_open",
            postgresql_where=sa.text("kept_at IS NULL"),
            sqlite_where=sa.text("kept_at IS NULL"),
        )

    op.drop_table("outbox_promise")
    op.drop_table("organisation")
    op.drop_table("course")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_subject_type_subject_id"))

    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_refuse()")
