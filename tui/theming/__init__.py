"""Themes: files of colours by role, read, checked, and chosen by what the terminal can show."""
