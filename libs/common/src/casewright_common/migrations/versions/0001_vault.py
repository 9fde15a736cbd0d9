"""The vault: secrets of organisations, encrypted; each role sees only the kinds it needs."""

import sqlalchemy as sa
from alembic import op

from casewright_common.postgres import TENANT_MATCHES, role_of
from casewright_common.vault import READERS, WRITER

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "secrets",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("org_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("key_id", sa.Text, nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary, nullable=False),
        sa.Column("ciphertext", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
    op.create_index("secrets_by_org", "secrets", ["org_id", "kind"])
    op.execute("ALTER TABLE secrets ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE secrets FORCE ROW LEVEL SECURITY")
    for service, kinds in READERS.items():
        role = role_of(service)
        listed = ", ".join(f"'{kind}'" for kind in kinds)
        op.execute(f"GRANT SELECT ON secrets TO {role}")
        op.execute(
            f"CREATE POLICY read_{role} ON secrets FOR SELECT TO {role}"
            f" USING ({TENANT_MATCHES} AND kind IN ({listed}))"
        )
    writer = role_of(WRITER)
    # The writer may name a row to delete it, and read nothing back.
    op.execute(f"GRANT INSERT, DELETE, SELECT (id, org_id) ON secrets TO {writer}")
    op.execute(
        f"CREATE POLICY write_{writer} ON secrets FOR ALL TO {writer}"
        f" USING ({TENANT_MATCHES}) WITH CHECK ({TENANT_MATCHES})"
    )
