"""The Textual application, and its command line twin that needs no terminal."""
