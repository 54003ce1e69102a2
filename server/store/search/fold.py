"""The folding of index and query: the client's, so that what a list marks is what the server matched."""

from client.fold import fold, fold_words

__all__ = ["fold", "fold_words"]
