"""The speed table: what Keeptabs costs, beside its budgets and beside others."""
