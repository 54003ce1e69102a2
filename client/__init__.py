"""The typed client of the Customer API, and everything about that API which is not a screen."""
