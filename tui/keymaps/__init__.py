"""Keys of one's own: presets, what the configuration says, and what is wrong with it."""
