"""Plans, memberships with credits and payments, gift cards, rewards."""

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""
