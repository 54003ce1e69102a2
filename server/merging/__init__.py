"""Two records of one person become one: which members stay, how everything attached moves along."""
