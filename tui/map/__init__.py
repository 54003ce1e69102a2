"""The map of the world that comes along, and how it is drawn in characters. Nothing here knows of Textual."""
