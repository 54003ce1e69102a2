"""The customers' own side: confirming an account, and signing in to it."""
