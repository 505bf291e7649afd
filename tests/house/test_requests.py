"""What every request is held to before a view sees it, and what every answer carries."""

import pytest
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from pytest_django import Settings

from kb.requests import QuotaUploadHandler

TOO_LARGE = "An upload may hold at most 10 MB. Split the file, or leave out what is not needed."


@pytest.mark.parametrize("address", ["/healthz?q=%00", "/healthz?q=a%00b&r=1", "/healthz%00"])
def test_a_null_character_in_an_address_is_refused(client: Client, address: str) -> None:
    assert client.get(address).status_code == 400


@pytest.mark.django_db
def test_health_is_told_in_a_word_and_kept_by_no_cache(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_every_answer_carries_the_strict_policy(client: Client) -> None:
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert set(policy.split("; ")) == {
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    }


def upload(rf: RequestFactory, size: int) -> dict[str, int]:
    request = rf.post("/", {"file": SimpleUploadedFile("claims.csv", b"x" * size)})
    return {name: file.size or 0 for name, file in request.FILES.items()}


def test_an_upload_within_the_quota_is_received(rf: RequestFactory, settings: Settings) -> None:
    settings.UPLOAD_LIMIT = 5000
    assert upload(rf, 4000) == {"file": 4000}


def test_an_upload_above_the_quota_is_refused_by_its_header(rf: RequestFactory) -> None:
    request = rf.post("/", {"file": SimpleUploadedFile("claims.csv", b"x")})
    request.META["CONTENT_LENGTH"] = str(10 * 1024 * 1024 + 1)
    with pytest.raises(RequestDataTooBig) as refused:
        request.FILES  # noqa: B018 - reading it is what parses the upload
    assert str(refused.value) == TOO_LARGE


def test_an_upload_above_the_quota_is_refused_as_its_bytes_come_in(rf: RequestFactory) -> None:
    handler = QuotaUploadHandler(rf.post("/"))
    quarter = b"x" * (10 * 1024 * 1024 // 4)
    assert [handler.receive_data_chunk(quarter, 0) == quarter for _ in range(4)] == [True] * 4
    with pytest.raises(RequestDataTooBig) as refused:
        handler.receive_data_chunk(b"x", 0)
    assert str(refused.value) == TOO_LARGE
