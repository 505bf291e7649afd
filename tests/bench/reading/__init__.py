"""A book of any size to measure and to browse: claims with their sources, places, events, rebuttals and corrections.

From the root of the tree:

    python -m tests.bench.reading 100000

makes a book of 100,000 claims, once for each state of the code that writes the book, and prints how to serve it. It is
kept under `var/bench/` (BENCH_DIR changes that). `--database postgres://user@host/NAME` makes it in that database
instead; one that holds another book is refused, `--again` makes it anew.

`texts` writes sentences, `world` says what refers to what, `documents` makes what a desk would publish of it, and
`making` writes it as releases do: versions in bulk, the index by `kb.book.index`.
"""
