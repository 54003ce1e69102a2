"""The tabs of a profile, most of them a declaration."""
