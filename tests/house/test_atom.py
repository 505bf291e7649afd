"""The check of feeds itself, on feeds with one fault each."""

import pytest

from tests.support.atom import problems

GOOD = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Claims</title>
<id>tag:example.org,2026-11-28:feed/claims</id><updated>2026-11-28T12:00:00+00:00</updated>
<link rel="alternate" href="https://example.org/claims/"/><link rel="self" href="https://example.org/claims.atom"/>
<author><name>The Desk</name></author><generator>Rejoinder</generator>
<entry><title>A</title><id>tag:example.org,2026-11-28:claim/a</id><updated>2026-11-28T12:00:00Z</updated>
<link rel="alternate" href="https://example.org/claims/a/"/><summary type="text">s</summary></entry></feed>"""


def test_a_good_feed_has_no_problem() -> None:
    assert problems(GOOD.encode()) == []


@pytest.mark.parametrize(
    ("there", "instead", "problem"),
    [
        ("Claims</title>", "Claims\x08</title>", "not well-formed"),
        ('"http://www.w3.org/2005/Atom"', '"http://example.org/"', "the root is"),
        ("<title>Claims</title>", "", "feed: 0 of title"),
        ("<title>A</title>", "<title> </title>", "an empty title"),
        ("<title>A</title>", "<title>A</title><title>B</title>", "entry 1: 2 of title"),
        ("<title>A</title>", "<title>A <b>b</b></title>", "text with elements"),
        ("<title>A</title>", "<modified>2026</modified><title>A</title>", "has modified"),
        ("<author><name>The Desk</name></author>", "", "feed: 0 of author"),
        ("<name>The Desk</name>", "<name/>", "author without a name"),
        ("<name>The Desk</name>", "<name>D</name><url>x</url>", "more than name"),
        ("2026-11-28T12:00:00Z", "2026-11-28T12:00Z", "no date"),
        ("2026-11-28T12:00:00Z", "2026-02-30T12:00:00Z", "no date"),
        ("2026-11-28T12:00:00Z", " 2026-11-28T12:00:00Z", "space around"),
        ("2026-11-28T12:00:00Z", "2027-11-28T12:00:00Z", "older than its newest"),
        ("tag:example.org,2026-11-28:claim/a", "tag:example.org:claim/a", "neither a tag"),
        ("tag:example.org,2026-11-28:claim/a", "tag:example.org,26-11-28:a", "neither a tag"),
        ("tag:example.org,2026-11-28:claim/a", "tag:example.org,2026-11-28:a b", "neither a tag"),
        ("tag:example.org,2026-11-28:claim/a", "tag:example.org,2026-11-28:feed/claims", "the feed's id"),
        ('rel="self" href="https://example.org/claims.atom"', 'rel="x" href="https://e.org/"', "where it is"),
        ("https://example.org/claims.atom", "https://example.org/claims/", "are the same"),
        ("https://example.org/claims/a/", "/claims/a/", "link to"),
        ("https://example.org/claims/a/", "https://example.org/a b", "link to"),
        (
            'rel="alternate" href="https://example.org/claims/a/"',
            'rel="a:b" href="https://e.org/"',
            "rel 'a:b'",
        ),
        ('<summary type="text">s', '<summary type="image/png">s', "is of type"),
        ('<summary type="text">s', '<summary type="html">&lt;script&gt;', "holds a script"),
        ('<summary type="text">s</summary>', "", "neither content nor"),
        ('xml:lang="en"', 'xml:lang="e_n"', "is no language"),
        ('xml:lang="en"', "", "in which language"),
        ("</entry>", "</entry><entry>ENTRY</entry>", "two entries are"),
    ],
)
def test_a_fault_is_found(there: str, instead: str, problem: str) -> None:
    assert there in GOOD
    entry = GOOD[GOOD.index("<entry>") + 7 : GOOD.index("</entry>")]
    broken = GOOD.replace(there, instead.replace("ENTRY", entry))
    assert any(problem in found for found in problems(broken.encode())), problems(broken.encode())
