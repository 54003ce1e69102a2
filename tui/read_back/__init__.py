"""Spelling for the telephone: alphabets of languages as data files, and large letters."""
