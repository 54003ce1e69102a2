"""What screens ask for: the state that has one owner, and the ways out of the application."""
