"""Mail to customers: what is queued in the database goes out over SMTP, once, whatever happens meanwhile."""
