"""Text tables: no row is lost or run into another, whatever its quotation marks, line ends, delimiter or encoding."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.spreadsheets.reading import Mark, Unreadable
from kb.spreadsheets.reading.encodings import detect
from tests.spreadsheets.parsing import parsed, values

FIELD = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff"), max_size=6)
RUSSIAN = "Заявление о том, что Советский Союз занял острова в августе 1945 года"


@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(",;\t|"))
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([["key", "name"], *rows])
    book = parsed(out.getvalue().encode(), "a.csv", encoding="utf-8", delimiter=delimiter, quoting=True)
    found = [[value or "" for value in row] for row in values(book)[1:]]
    expected = [row for row in rows if any(row)]
    for row in expected:
        while not row[-1]:
            row.pop()
    assert found == expected


@given(st.lists(st.text('ab",;\t\n', min_size=1, max_size=15), min_size=1, max_size=8))
def test_no_line_is_lost_however_its_quotation_marks_stand(lines: list[str]) -> None:
    text = "\n".join(["key,name", *lines, "last,row"])
    book = parsed(text.encode(), "a.csv", encoding="utf-8", delimiter=",", quoting=True)
    rows = values(book)
    assert rows[0] == ("key", "name")
    letters = "".join(sorted(text.replace("key,name", "", 1)))
    kept = "".join(sorted("".join(value for row in rows[1:] for value in row if isinstance(value, str))))
    for letter in "ab;":
        assert kept.count(letter) == letters.count(letter)


def test_a_mark_that_is_never_closed_keeps_every_row_and_names_its_own() -> None:
    book = parsed(b'key,name\na,"open\nb,two\nc,"closed"\n', "a.csv")
    assert values(book) == [("key", "name"), ("a", '"open'), ("b", "two"), ("c", "closed")]
    assert {row.number: dict(row.marks) for row in book.sheets[0].everything if row.marks} == {
        2: {0: Mark.QUOTE}
    }
    assert ("quotation mark", "2") in [(note.kind, note.place) for note in book.sheets[0].notes]


def test_two_marks_far_apart_do_not_run_the_rows_between_them_together() -> None:
    inner = [f"k{n},name {n},{n}" for n in range(30)]
    text = "\n".join(["key,name,size", 'a,"open,1', *inner, 'z,closed",2', ""])
    rows = parsed(text.encode(), "a.csv").sheets[0].rows
    assert [row.values[0] for row in rows] == ["a", *(f"k{n}" for n in range(30)), "z"]
    assert [row.number for row in rows if row.marks] == [2]


def test_ten_thousand_open_marks_take_no_time() -> None:
    text = "key,name\n" + 'a,"open\n' * 10_000
    assert len(values(parsed(text.encode(), "a.csv"))) == 10_001


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_each_kind_of_line_end_ends_a_row(end: str) -> None:
    assert values(parsed(end.join(["key,name", "a,b", ""]).encode(), "a.csv")) == [
        ("key", "name"),
        ("a", "b"),
    ]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ("a\tb\n1, 2\t3, 4\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ("title of it all\n\na;b\n1;2\n3;4\n", ";"),
        ("One, two; three.\nFour.\nFive, six, seven.\nEight; nine.\nTen.\n", ""),
    ],
)
def test_the_delimiter_is_what_divides_the_rows_alike(text: str, delimiter: str) -> None:
    assert parsed(text.encode(), "a.csv").delimiter == delimiter


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (RUSSIAN, "utf-16"),
        ("Привет,текст", "cp1251"),
        ("Привет,текст", "koi8-r"),
        ("Україна та її столиця Київ", "cp1251"),
        ("ソ連は1945年8月に千島列島を占領した", "shift_jis"),
        ("ソ連は1945年8月に千島列島を占領した", "euc_jp"),
        ("ソ連は1945年8月に千島列島を占領した", "iso2022_jp"),
        ("日本語,表", "shift_jis"),
        ("苏联在1945年8月占领了千岛群岛，这是一个事实", "gb18030"),
        ("蘇聯在1945年8月佔領了千島群島，這是一個事實", "big5"),
        ("소련은 1945년 8월에 쿠릴 열도를 점령했다", "euc_kr"),
        ("Müller schrieb über die größte Übernahme der Geschichte", "cp1252"),
        ("L’éditorial a été publié à Paris, où l’élève était", "cp1252"),
        ("É falso que a vacinação não funciona; informações", "cp1252"),
        ("El niño español comió mañana", "latin-1"),
        ("He said “it is false” – and that’s it", "cp1252"),
        ("five €", "cp1252"),
        ("Książka została napisana w języku polskim, źródło", "cp1250"),
        ("Türkiye'nin başkenti İstanbul değildir, çoğu kişi", "cp1254"),
        ("Η Αθήνα είναι η πρωτεύουσα της Ελλάδας", "cp1253"),
    ],
)
def test_the_letters_are_those_that_were_written(text: str, encoding: str) -> None:
    data = f"key,statement\na,{text}\n".encode(encoding)
    found = detect(data)
    assert found is not None
    assert data.decode(found.name).removeprefix("\ufeff") == f"key,statement\na,{text}\n"


@pytest.mark.parametrize("data", [b"caf\xe9,x\n", "a,Résumé\n".encode("mac-roman")])
def test_a_guess_by_few_letters_is_told_with_what_else_it_could_be(data: bytes) -> None:
    book = parsed(b"key,name\n" + data, "a.csv")
    assert (book.encoding_sure, len(book.encoding_others) > 0) == (False, True)
    assert [note.kind for note in book.notes] == ["encoding"]


def test_what_an_editor_says_counts() -> None:
    data = "ключ;имя\na;б\n".encode("cp1251")
    book = parsed(data, "a.csv", encoding="cp1251", delimiter=",")
    assert values(book) == [("ключ;имя",), ("a;б",)]
    assert (book.encoding, book.encoding_sure, book.delimiter) == ("cp1251", True, ",")


@pytest.mark.parametrize(
    ("encoding", "message"),
    [("utf-8", "not in utf-8: line 2 has letters"), ("klingon", "no encoding that is known")],
)
def test_an_encoding_that_does_not_fit_is_refused(encoding: str, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        parsed("key\né\n".encode("cp1252"), "a.csv", encoding=encoding)
