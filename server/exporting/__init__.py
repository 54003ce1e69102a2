"""Exports: customers as tables, cards and JSON Lines, slice by slice."""
