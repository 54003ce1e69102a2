"""Who may act for a customer, what a customer wants to hear and does not like."""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
