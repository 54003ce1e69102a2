"""Riverside: a business that does not exist, with as many customers as are asked for, always the same."""
