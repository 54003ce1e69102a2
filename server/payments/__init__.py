"""Payments: cards and charges are the business of a payment provider; this room is the way to it."""
