"""The application as a person has it: a process on a real pseudo-terminal."""
