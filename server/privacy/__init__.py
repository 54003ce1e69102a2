"""What the law gives a person: to hear what is held, and to have it erased."""
