"""The second factor: codes that change every half minute (TOTP, RFC 6238), and recovery codes for a lost phone.

Functions that write say so in the log. Nothing of secrets and codes is written anywhere in the clear.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from pyotp.exceptions import OTPVerificationError

from kb.signing import audit, throttle
from kb.signing.models import Kind, RecoveryCode, SecondFactor
from kb.signing.sessions import end_sessions

#: What whoever has one of these rights is said to do, in the words of the setting SECOND_FACTOR_FOR.
RIGHTS = {
    "publish": ("book.publish",),
    "decide": ("kb.decide_rebuttal", "kb.confirm_assessment"),
    "import": ("kb.add_importbatch",),
    # Whoever can give rights can give them to themselves.
    "manage": ("kb.manage_accounts", "auth.change_user", "auth.change_group"),
}
#: In a session: that a code was given when it began.
GIVEN = "second_factor"
RECOVERY_CODES, RECOVERY_LENGTH = 10, 16
#: No letters or digits that are taken for each other, when a code is typed off a printed page.
ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
#: A clock may be so many half minutes off.
OFF = 1


class Unreadable(Exception):
    """The secret was encrypted with another SECRET_KEY; the message says what helps."""

    def __init__(self) -> None:
        super().__init__(
            "Codes cannot be checked for this account, since the site’s secret key was changed. Use a recovery "
            "code, or ask an administrator to reset your second factor."
        )


# --- who needs one --------------------------------------------------------------------------------------------------


def needed_rights() -> list[str]:
    return [right for name in settings.SECOND_FACTOR_FOR for right in RIGHTS[name]]


def is_needed(user: Any) -> bool:
    """Whether the setting asks a second factor of somebody with these rights."""
    return any(user.has_perm(right) for right in needed_rights())


def is_owed(user: Any, session: SessionBase) -> bool:
    """Whether somebody who is signed in has to set one up, or to give its code, before they may go on."""
    return bool(settings.SECOND_FACTOR_FOR) and not session.get(GIVEN) and is_needed(user)


def people_who_need_one() -> set[int]:
    """The numbers of all accounts of which it is asked."""
    users = get_user_model().objects
    return {pk for right in needed_rights() for pk in users.with_perm(right).values_list("pk", flat=True)}


def of(user: User) -> SecondFactor | None:
    return SecondFactor.objects.filter(user=user).first()


def recovery_codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


# --- setting it up --------------------------------------------------------------------------------------------------


def new_secret() -> str:
    return pyotp.random_base32()


def encrypted(secret: str) -> str:
    return _box().encrypt(secret.encode()).decode()


def decrypted(token: str) -> str:
    """Raises Unreadable."""
    try:
        return _box().decrypt(token.encode()).decode()
    except InvalidToken as reason:
        raise Unreadable from reason


def _box() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"kb.signing.second_factor")
    return Fernet(base64.urlsafe_b64encode(derived.derive(settings.SECRET_KEY.encode())))


def address_of(secret: str, user: User, site: str) -> str:
    """What a phone reads out of the picture."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.get_username(), issuer_name=site.replace(":", " "))


def picture_of(address: str) -> str:
    """The QR code, as the address of an image that holds it. It is dark on light in every look, or phones fail."""
    return segno.make(address, error="m").svg_data_uri(scale=4, border=4, dark="#000000", light="#ffffff")


def set_up(user: User, secret: str, code: str, *, session_key: str | None) -> list[str] | None:
    """Keep the secret if the code is of it, and end all other sessions. Returns the recovery codes, or None."""
    step = _step_of(secret, code)
    if step is None:
        return None
    with transaction.atomic():
        factor, made = SecondFactor.objects.select_for_update().get_or_create(
            user=user,
            defaults={"secret": encrypted(secret), "since": timezone.now(), "last_step": step},
        )
        if not made:
            return None
        codes = _new_recovery_codes(factor)
        end_sessions(user.pk, but=session_key)
        audit.note(Kind.SECOND_FACTOR, "set up", by=user)
    return codes


def renew_recovery_codes(user: User) -> list[str]:
    """Ten new codes; the old ones are good for nothing. Raises SecondFactor.DoesNotExist."""
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().get(user=user)
        codes = _new_recovery_codes(factor)
        audit.note(Kind.SECOND_FACTOR, "new recovery codes", by=user)
    return codes


def _new_recovery_codes(factor: SecondFactor) -> list[str]:
    factor.recovery_codes.all().delete()
    made = ["".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=_digest(code)) for code in made])
    return ["-".join(code[i : i + 4] for i in range(0, RECOVERY_LENGTH, 4)) for code in made]


def _digest(code: str) -> str:
    # 79 random bits cannot be guessed from their hash, which outlasts a change of SECRET_KEY.
    return hashlib.sha256(code.encode()).hexdigest()


# --- giving a code --------------------------------------------------------------------------------------------------


def accept(user: User, text: str) -> str | None:
    """Whether this is a right code: "code", "recovery code" or None. Each is good once; two at once, for one of them.

    Raises Unreadable.
    """
    factor = of(user)
    if factor is None:
        return None
    typed = "".join(c for c in text.upper() if c.isalnum())[: 2 * RECOVERY_LENGTH]
    if len(typed) == RECOVERY_LENGTH:
        unused = factor.recovery_codes.filter(digest=_digest(typed), used_at=None)
        return "recovery code" if unused.update(used_at=timezone.now()) else None
    step = _step_of(decrypted(factor.secret), typed)
    if step is None:
        return None
    fresh = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
    return "code" if fresh.update(last_step=step) else None


def _step_of(secret: str, code: str) -> int | None:
    """The half minute that the code is of, if it is right now."""
    try:
        now = timezone.now().timestamp()
        return pyotp.TOTP(secret).verify_and_get_timecode(code, for_time=now, valid_window=OFF)
    except OTPVerificationError:
        return None


# --- letting it go --------------------------------------------------------------------------------------------------


def turn_off(user: User, *, session_key: str | None) -> None:
    """Of one's own accord; the password was asked for."""
    with transaction.atomic():
        if SecondFactor.objects.filter(user=user).delete()[0]:
            end_sessions(user.pk, but=session_key)
            audit.note(Kind.SECOND_FACTOR, "turned off", by=user)


def reset(user: User, *, by: User | None) -> bool:
    """Take somebody's second factor away and sign them out, as when the phone is lost. `by` None is the command line.

    Returns whether there was one. Raises PermissionDenied where `by` is no superuser.
    """
    if by is not None and not by.is_superuser:
        raise PermissionDenied("Only an administrator resets somebody’s second factor.")
    with transaction.atomic():
        there = bool(SecondFactor.objects.filter(user=user).delete()[0])
        end_sessions(user.pk)
        throttle.forget(throttle.for_code(user.pk))
        name = user.get_username()
        audit.note(Kind.SECOND_FACTOR, f"reset for {name}" + ("" if by else ", by a command"), by=by)
    return there
