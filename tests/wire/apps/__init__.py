"""Small applications that the terminal layer is tested with."""
