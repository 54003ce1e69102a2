"""Where the server keeps things: tables, migrations, the search index, one writer."""
