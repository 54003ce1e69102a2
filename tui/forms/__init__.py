"""From a model to a form: how values are shown and read, what was typed, and the page that draws both."""
