"""The embedded reference server of the Customer API."""
