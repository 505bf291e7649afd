"""The claims that have words, through the desk's index of them."""

from __future__ import annotations

from django.db import connection

from kb.analysis.claim_index import LONGEST, as_token, by_index, tokens, told, waiting
from kb.analysis.similarity import terms

_MATCHING = {
    "sqlite": "SELECT rowid FROM kb_claimwords WHERE kb_claimwords MATCH %s ORDER BY rowid DESC LIMIT %s",
    "postgresql": "SELECT rowid FROM kb_claimwords WHERE array_to_tsvector(string_to_array(words, ' ')) "
    "@@ %s::tsquery ORDER BY rowid DESC LIMIT %s",
}


def matching(text: str, most: int) -> list[int]:
    """The newest claims that have every word of a text, the last one as far as it is written."""
    asked = [token for term in terms(text[:LONGEST]) if (token := as_token(term))]
    if not asked:
        return []
    wanted, last = dict.fromkeys(asked[:-1]), asked[-1]
    if connection.vendor == "postgresql":
        spelt = " & ".join([*(f"'{token}'" for token in wanted), f"'{last}':*"])
    else:
        spelt = " ".join([*(f'"{token}"' for token in wanted), f'"{last}"*'])
    with by_index() as cursor:
        cursor.execute(_MATCHING[connection.vendor], [spelt, most])
        found = [row[0] for row in cursor.fetchall()]
    unread = waiting()
    if not unread:
        return found
    now = {pk: tokens(one) for pk, one in told(unread).items()}
    fresh = [
        pk
        for pk, own in now.items()
        if wanted.keys() <= set(own) and any(token.startswith(last) for token in own)
    ]
    left = set(unread)
    return [*fresh, *(pk for pk in found if pk not in left)]
