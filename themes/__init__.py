"""Themes as files: one TOML file a theme."""
