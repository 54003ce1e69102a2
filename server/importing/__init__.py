"""Imports: rows of a table become customers, all of them or none."""
