"""What the table in docs/rights.md is tried with: each state made, each action done by its function and at its page.

An answer is *yes* (done), *no* (the right is lacking) or *rule* (the right is there, and a rule of the desk refuses).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kb import accounts, assigning, publishing, triage, workflow
from kb.book import jobs, writing
from kb.history.restoring import restore
from kb.history.states import state_now
from kb.models import Assignment, Attribute, Conflict, Desk, ImportBatch, ImportedRow, StatedValue, WorkStep
from kb.settings import BASE_DIR
from kb.signing import second_factor
from kb.spreadsheets.rights import Rights
from kb.spreadsheets.undoing import undo
from tests.book import cases
from tests.kb import published, records
from tests.kb.admin_forms import posted
from tests.support.samples import saved

ROLES: dict[str, tuple[str, ...] | None] = {
    "not signed in": None,
    "no role": (),
    "Reader of everything": ("Reader of everything",),
    "Contributor": ("Contributor",),
    "Editor": ("Editor",),
    "Publisher": ("Publisher",),
    "Desk manager": ("Desk manager",),
    "Administrator": (),
}
YES, NO, RULE = "yes", "no", "rule"
#: The desk offers it nowhere for such a record; then the function alone is asked.
NO_PAGE = "no page"
DOCUMENT = BASE_DIR / "docs/rights.md"


def table(text: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """The rows of all tables of rights: action, state, and the answer for each role."""
    heading = ["action", "state", *ROLES]
    open_ = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|"):
            open_ = False
        elif cells == heading:
            open_ = True
        elif open_ and set(line) - set("|-: "):
            if len(cells) != len(heading):
                raise ValueError(f"A row of rights has {len(cells)} cells and not {len(heading)}: {line}")
            yield cells[0], cells[1], dict(zip(ROLES, cells[2:], strict=True))


class Case:
    """Somebody with a role at a desk with one colleague who may do everything."""

    def __init__(self, role: str, colleague: User) -> None:
        self.colleague = colleague
        groups, self.client = ROLES[role], Client()
        self.me: Any = AnonymousUser()
        if groups is not None:
            self.me = records.account("me", *groups, is_superuser=role == "Administrator")
            self.client.force_login(self.me)

    @cached_property
    def theirs(self) -> Client:
        client = Client()
        client.force_login(self.colleague)
        return client

    @property
    def mine(self) -> User:
        """Who I am where somebody has to have done something before; nobody who is not signed in has."""
        return self.me if self.me.is_authenticated else self.colleague


class AsksWhoIAm(Exception):
    """A state that differs with who acts was made for nobody in particular."""


class Nobody(Case):
    """The desk before anybody comes, for the states that are the same for all."""

    def __init__(self, colleague: User) -> None:
        self.colleague = colleague

    @property
    def mine(self) -> User:
        raise AsksWhoIAm


# --- states ---------------------------------------------------------------------------------------------------


def in_review(record: Any, by: User) -> Any:
    type(record)._base_manager.filter(pk=record.pk).update(editing_state="in-review")
    WorkStep.objects.create(kind=record.kind_name, uid=record.uid, act="submitted", by=by, at=timezone.now())
    return cases.again(record)[0]


def _published() -> Any:
    topic = records.topic()
    published.publish(topic)
    return cases.again(topic)[0]


def _withdrawn() -> Any:
    topic = _published()
    published.withdraw(topic)
    return topic


def _entry() -> Any:
    claim = cases.out()
    correction = records.correction(claim)
    published.publish(correction)
    return cases.again(correction)[0]


def _held(claim: Any, by: User) -> Any:
    Assignment.objects.create(kind="claim", uid=claim.uid, assignee=by, by=by, at=timezone.now())
    return claim


def _proposed(by: User) -> Any:
    return records.claim().assessments.create(
        rating="accurate",
        rationale="So it was.",
        proposed_by=by,
        proposed_at=timezone.now(),
        judged_revision=1,
    )


def _rebuttal(by: User | None, **fields: Any) -> Any:
    return records.rebuttal(cases.said(), submitted_by=by, **fields)


def _joined(by: User) -> Any:
    first = _rebuttal(by)
    return records.rebuttal(first.claim, "second", submitted_by=by, duplicate_of=first)


def _conflict(by: User | None = None) -> Any:
    event, sources = records.event(), [records.source("one"), records.source("other")]
    claims = []
    for day, source in zip(("1945-08-08", "1945-08-19"), sources, strict=True):
        claim = records.claim(f"claim-{day}")
        records.appearance(claim, source)
        StatedValue.objects.create(
            claim=claim, event=event, edtf=day, attribute=Attribute.objects.get(key="occurred")
        )
        claims.append(claim)
    conflict = Conflict.objects.get()
    if by is not None:
        published.publish(event, *sources, *claims)
        conflict = Conflict.objects.get()
        ruler = User.objects.create_superuser("ruler") if by is None else by
        permission = Permission.objects.get(codename="add_conflictruling")
        had = ruler.user_permissions.filter(pk=permission.pk).exists()
        ruler.user_permissions.add(permission)
        workflow.rule_conflict(
            conflict, verdict="real", reason="Both are clear.", by=User.objects.get(pk=ruler.pk)
        )
        if not had:
            ruler.user_permissions.remove(permission)
    return conflict


def _batch(by: User | None = None, undone: bool = False) -> ImportBatch:
    batch, topic = saved(ImportBatch), records.topic()
    ImportedRow.objects.create(
        batch=batch, sheet="Topics", row=2, outcome="created", kind="topic", uid=topic.uid
    )
    if by is not None:
        in_review(topic, by)
    if undone:
        ImportBatch.objects.update(undone_at=timezone.now(), undone_by=batch.applied_by)
    return ImportBatch.objects.get()


def _account(**fields: Any) -> User:
    return records.account("vera", "Contributor", **fields)


def _strong() -> Group:
    role = Group.objects.create(name="Engineers")
    role.permissions.set(Permission.objects.filter(codename="change_user"))
    return role


def _desk_of_one(record: Any) -> Any:
    records.desk_of_one()
    return record


STATES: dict[str, Callable[[Case], Any]] = {
    "any": lambda case: records.topic(),
    # Of a record that is published.
    "draft": lambda case: records.topic(),
    "draft, at a desk of one person": lambda case: _desk_of_one(records.topic()),
    "in review, handed in by me": lambda case: in_review(records.topic(), case.mine),
    "in review, handed in by me, at a desk of one person": lambda case: _desk_of_one(
        in_review(records.topic(), case.mine)
    ),
    "in review, handed in by another": lambda case: in_review(records.topic(), case.colleague),
    "published": lambda case: _published(),
    "published, edits in draft": lambda case: cases.edit(_published(), note="More."),
    "published, edits in review, handed in by me": lambda case: in_review(
        cases.edit(_published(), note="More."), case.mine
    ),
    "published, edits in review, handed in by another": lambda case: in_review(
        cases.edit(_published(), note="More."), case.colleague
    ),
    "withdrawn": lambda case: _withdrawn(),
    "entry of the ledger": lambda case: _entry(),
    # Of work.
    "in nobody’s hands": lambda case: records.claim(),
    "in my hands": lambda case: _held(records.claim(), case.mine),
    "in another’s hands": lambda case: _held(records.claim(), case.colleague),
    "nothing to do with it": lambda case: records.topic(),
    # Of assessments, challenges and what follows.
    "proposed by me": lambda case: _proposed(case.mine),
    "proposed by another": lambda case: _proposed(case.colleague),
    "proposed by me, at a desk of one person": lambda case: _desk_of_one(_proposed(case.mine)),
    "open, sent by a reader": lambda case: _rebuttal(None),
    "open, entered by me": lambda case: _rebuttal(case.mine),
    "open, entered by me, at a desk of one person": lambda case: _desk_of_one(_rebuttal(case.mine)),
    "open, entered by another": lambda case: _rebuttal(case.colleague),
    "open, joined to another": lambda case: _joined(case.colleague),
    "decided": lambda case: _rebuttal(
        case.colleague,
        decision="rejected",
        reason="No.",
        decided_by=case.colleague,
        decided_at=timezone.now(),
    ),
    "not answered yet": lambda case: records.full(1)["delivery"],
    "not ruled on": lambda case: _conflict(),
    "ruled on by me": lambda case: _conflict(case.mine),
    "ruled on by another": lambda case: _conflict(case.colleague),
    # Of imports.
    "not handed in": lambda case: _batch(),
    "handed in by me": lambda case: _batch(case.mine),
    "handed in by another": lambda case: _batch(case.colleague),
    "undone": lambda case: _batch(undone=True),
    # Of accounts.
    "a colleague’s": lambda case: _account(),
    "a closed one": lambda case: _account(is_active=False),
    "an administrator’s": lambda case: User.objects.create_superuser("boss"),
    "my own": lambda case: case.mine,
    "with no more than my rights": lambda case: Group.objects.get(name="Editor"),
    "with more than my rights": lambda case: _strong(),
    "the desk": lambda case: records.desk(),
}


# --- answers --------------------------------------------------------------------------------------------------


def answer(act: Callable[[], Any]) -> str:
    """What came of calling a function."""
    try:
        act()
    except PermissionDenied:
        return NO
    except (ValidationError, writing.Blocked):
        return RULE
    return YES


def answered(response: Any) -> str:
    """What a page answered to a form or a look."""
    if response.status_code == 302:
        return NO if response.url.startswith(reverse("admin:login")) else YES
    if response.status_code in (403, 404, 410):
        return NO
    assert response.status_code == 200, response.status_code
    if response.request["REQUEST_METHOD"] == "GET":
        return YES
    return _told(response)


def _told(response: Any) -> str:
    context = response.context
    if context is None or "link" in context:
        return YES
    if "refusal" in context:
        return RULE
    form = context.get("form") or context["adminform"].form
    told = [message for messages in form.errors.values() for message in messages]
    if not told:
        assert not context["sheet"].can_do
        return RULE
    assert set(form.errors) <= {"__all__", "roles"}, form.errors
    lacking = ("a right that you do not have", "may do more than you", "is not one of the available choices")
    return NO if any(words in message for message in told for words in lacking) else RULE


def step(name: str, **data: Any) -> Callable[[Case, Any], str]:
    """Take a step of a record at its page."""

    def take(case: Case, record: Any) -> str:
        options = record._meta
        address = reverse(f"admin:{options.app_label}_{options.model_name}_step", args=[name])
        sent = {key: value(case, record) if callable(value) else value for key, value in data.items()}
        seen = [f"{getattr(record, 'uid', '')}:{getattr(record, 'revision', '')}"]
        response = case.client.post(address, {"id": record.pk, "seen": seen, **sent})
        return NO_PAGE if response.status_code == 404 else answered(response)

    return take


def _address(record: Any, name: str) -> str:
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_{name}", args=[record.pk])


def look(name: str) -> Callable[[Case, Any], str]:
    return lambda case, record: answered(case.client.get(_address(record, name)))


def _look_at(route: str) -> Callable[[Case, Any], str]:
    return lambda case, record: answered(case.client.get(reverse(route)))


def _edit(case: Case, record: Any) -> str:
    address = _address(record, "change")
    data = posted(case.theirs, address) if getattr(record, "number", None) is None else {}
    response = case.client.post(address, {**data, "note": "Edited."})
    if answered(response) == YES:
        assert type(record).objects.get(pk=record.pk).note == "Edited."
    return answered(response)


def _delete(case: Case, record: Any) -> str:
    response = case.client.post(_address(record, "delete"), {"post": "yes"})
    assert type(record).objects.filter(pk=record.pk).exists() is (answered(response) != YES)
    return answered(response)


def _add(case: Case, record: Any) -> str:
    response = case.client.post(reverse("admin:kb_topic_add"), {"key": "new", "name": "New", "note": ""})
    return answered(response)


def _read(case: Case, record: Any) -> str:
    return answered(case.client.get(f"/topics/{record.key}/"))


def _export(case: Case, record: Any) -> str:
    response = case.client.post(reverse("admin:kb_topic_export"), {"file_format": "2"})
    return answered(response)


def _review(**data: Any) -> Callable[[Case, Any], str]:
    """Send a form of the page on which a challenge is reviewed."""

    def send(case: Case, record: Any) -> str:
        sent = {key: value(case, record) if callable(value) else value for key, value in data.items()}
        seen = [f"{record.uid}:{record.revision}"]
        response = case.client.post(_address(record, "review"), {"seen": seen, **sent})
        if response.status_code != 200:
            return answered(response)
        assert response.context["page"].decide.errors
        return RULE

    return send


def _publish_batch(case: Case, batch: Any) -> str:
    job = None

    def act() -> None:
        nonlocal job
        job = jobs.plan_publishing(batch, by=case.me, why="Imported.")
        jobs.publish_many(job)

    found = answer(act)
    return RULE if found == YES and job is not None and jobs.counts(job).done == 0 else found


def _publish_batch_page(case: Case, batch: Any) -> str:
    found = step("publish", why="Imported.")(case, batch)
    job = batch.publishing_jobs.first()
    return RULE if found == YES and jobs.counts(job).done == 0 else found


def _set_one_person(case: Case, desk: Any) -> str:
    address = _address(desk, "change")
    response = case.client.post(address, {**posted(case.theirs, address), "single_editor": "on"})
    # Who may edit the other texts is not refused: this one stays as it is.
    return YES if Desk.objects.get().single_editor else answered(response).replace(YES, NO)


def _edit_desk(case: Case, desk: Any) -> str:
    address = _address(desk, "change")
    return answered(case.client.post(address, {**posted(case.theirs, address), "tagline": "Checked."}))


def _give(case: Case, role: Group) -> str:
    vera = _account()
    return answer(lambda: accounts.change_account(vera, by=case.me, roles=[role]))


def _give_page(case: Case, role: Group) -> str:
    vera = (
        _account(email="v@example.org")
        if not User.objects.filter(username="vera").exists()
        else User.objects.get(username="vera")
    )
    return answered(case.client.post(_address(vera, "change"), {"username": "vera", "roles": [role.pk]}))


def _change_own_roles(case: Case, account: User) -> str:
    roles = list(Group.objects.filter(name="Contributor"))
    return answer(lambda: accounts.change_account(account, by=case.me, roles=roles))


def _change_account(case: Case, account: User) -> str:
    return answer(lambda: accounts.change_account(account, by=case.me, first_name="V"))


def _change_account_page(case: Case, account: User) -> str:
    data = {"username": account.username, "first_name": "V", "roles": [g.pk for g in account.groups.all()]}
    if account.is_superuser:
        data["administrator"] = "on"
    return answered(case.client.post(_address(account, "change"), data))


def _restore(case: Case, record: Any) -> None:
    before, later = state_now(record), cases.edit(record, note="Later.")
    restore(later, before, by=case.me, reason="As it was.", expected_revision=later.refresh_revision())


# --- actions --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Action:
    """One thing that can be done: by its function, at its page, or both. `covers` are the functions that it tries."""

    function: Callable[[Case, Any], Any] | None = None
    page: Callable[[Case, Any], str] | None = None
    covers: tuple[Any, ...] = ()
    #: Whether `function` gives the answer itself.
    answers: bool = False

    def by_function(self, case: Case, record: Any) -> str:
        assert self.function is not None
        return self.function(case, record) if self.answers else answer(lambda: self.function(case, record))


SAID = {"said": "August", "right": "September"}
ACTIONS: dict[str, Action] = {
    "read in public": Action(page=_read),
    "see at the desk": Action(page=look("change")),
    "preview": Action(page=look("preview")),
    "see the history": Action(page=look("history")),
    "see who has what in hand": Action(page=_look_at("admin:kb_assignment_changelist")),
    "see how challengers can be reached": Action(page=_look_at("admin:kb_submission_changelist")),
    "see releases": Action(page=_look_at("admin:book_release_changelist")),
    "export": Action(page=_export),
    "add": Action(page=_add),
    "edit": Action(page=_edit),
    "delete": Action(page=_delete),
    "restore an earlier state": Action(_restore, None, (restore,)),
    "submit": Action(
        lambda case, one: workflow.submit([one], by=case.me), step("submit"), (workflow.submit,)
    ),
    "return to draft": Action(
        lambda case, one: workflow.return_to_draft([one], by=case.me, why="Not yet."),
        step("return", why="Not yet."),
        (workflow.return_to_draft,),
    ),
    "publish": Action(
        lambda case, one: publishing.publish([one], by=case.me, why="Ready."),
        step("publish", why="Ready."),
        (publishing.publish,),
    ),
    "withdraw": Action(
        lambda case, one: publishing.withdraw([one], by=case.me, why="Unsound."),
        step("withdraw", why="Unsound."),
        (publishing.withdraw,),
    ),
    "assign to a colleague": Action(
        lambda case, one: assigning.assign([one], to=case.colleague, by=case.me, due=date(2090, 1, 1)),
        step("assign", to=lambda case, one: case.colleague.pk, due="2090-01-01"),
        (assigning.assign,),
    ),
    "take over": Action(
        lambda case, one: assigning.take_over([one], by=case.me, why="I have the book."),
        step("take-over", why="I have the book."),
        (assigning.take_over,),
    ),
    "hand back": Action(
        lambda case, one: assigning.hand_back([one], by=case.me), step("hand-back"), (assigning.hand_back,)
    ),
    "propose an assessment": Action(
        lambda case, one: workflow.propose_assessment(
            one, rating="accurate", rationale="So it was.", by=case.me
        ),
        step("assess", rating="accurate", rationale="So it was."),
        (workflow.propose_assessment,),
    ),
    "confirm an assessment": Action(
        lambda case, one: workflow.confirm_assessment(one, by=case.me),
        step("confirm"),
        (workflow.confirm_assessment,),
    ),
    "start review": Action(
        lambda case, one: workflow.start_review(one, by=case.me), step("review"), (workflow.start_review,)
    ),
    "decide": Action(
        lambda case, one: workflow.decide_rebuttal(
            one, decision="accepted", reason="Quite so.", by=case.me, **SAID
        ),
        _review(act="decide", decision="accepted", reason="Quite so.", **SAID),
        (workflow.decide_rebuttal,),
    ),
    "sort": Action(
        lambda case, one: triage.sort([one], scope="figure", by=case.me),
        step("sort", scope="figure"),
        (triage.sort,),
    ),
    "note what it relies on": Action(
        lambda case, one: triage.rely_on(one, records.claim("ground"), by=case.me),
        None,
        (triage.rely_on,),
    ),
    "join to another": Action(
        lambda case, one: triage.join([one, records.rebuttal(one.claim, "twin")], by=case.me),
        _review(act="join", other=lambda case, one: records.rebuttal(one.claim, "page-twin").pk),
        (triage.join,),
    ),
    "take out of its case": Action(
        lambda case, one: triage.separate([one], by=case.me), step("separate"), (triage.separate,)
    ),
    "record that a publisher was asked": Action(
        lambda case, one: workflow.record_contact(one, by=case.me, how="By letter."),
        step("contact", how="By letter.", on=lambda case, one: timezone.localdate().isoformat()),
        (workflow.record_contact,),
    ),
    "record a publisher’s answer": Action(
        lambda case, one: workflow.record_answer(one, by=case.me, outcome="corrected"),
        step("answer", outcome="corrected"),
        (workflow.record_answer,),
    ),
    "rule on a conflict": Action(
        lambda case, one: workflow.rule_conflict(one, verdict="real", reason="Both are clear.", by=case.me),
        step("rule", verdict="real", reason="Both are clear."),
        (workflow.rule_conflict,),
    ),
    "tell readers a ruling": Action(
        lambda case, one: publishing.tell_rulings([one], by=case.me, why="Looked at."),
        step("tell", why="Looked at."),
        (publishing.tell_rulings,),
    ),
    "import": Action(
        lambda case, one: Rights(case.me).must_import(), _look_at("import_start"), (Rights.must_import,)
    ),
    "undo an import": Action(
        lambda case, one: undo(one, rights=Rights(case.me)),
        lambda case, one: answered(case.client.get(reverse("import_undo", args=[one.pk]))),
        (undo,),
    ),
    "submit an import": Action(
        lambda case, one: workflow.submit_batch(one, by=case.me), step("submit"), (workflow.submit_batch,)
    ),
    "publish an import": Action(
        _publish_batch, _publish_batch_page, (jobs.plan_publishing, jobs.publish_many), answers=True
    ),
    "edit the desk’s texts": Action(page=_edit_desk),
    "make it a desk of one person": Action(page=_set_one_person),
    "see accounts and roles": Action(page=_look_at("admin:auth_user_changelist")),
    "change what roles may do": Action(
        page=lambda case, role: answered(
            case.client.post(_address(role, "change"), {"name": "Editors", "permissions": []})
        )
    ),
    "add an account": Action(
        lambda case, one: accounts.add_account("new", by=case.me),
        lambda case, one: answered(
            case.client.post(reverse("admin:auth_user_add"), {"username": "new-page"})
        ),
        (accounts.add_account,),
    ),
    "change an account": Action(
        _change_account, _change_account_page, (accounts.change_account,), answers=True
    ),
    "give a role": Action(_give, _give_page, (accounts.change_account,), answers=True),
    "change one’s own roles": Action(_change_own_roles, None, (accounts.change_account,), answers=True),
    "close an account": Action(
        lambda case, one: accounts.close_account(one, by=case.me, why="Left."),
        step("close", why="Left."),
        (accounts.close_account,),
    ),
    "reopen an account": Action(
        lambda case, one: accounts.reopen_account(one, by=case.me, why="Back."),
        step("reopen", why="Back."),
        (accounts.reopen_account,),
    ),
    "make a link to set a password": Action(
        lambda case, one: accounts.one_time_link(one, by=case.me),
        lambda case, one: answered(case.client.post(reverse("admin:auth_user_link", args=[one.pk]))),
        (accounts.one_time_link,),
    ),
    "read the log of sign-ins": Action(page=_look_at("admin:signing_auditentry_changelist")),
    "see who has a second factor": Action(page=_look_at("second_factors")),
    "reset a second factor": Action(
        lambda case, one: second_factor.reset(one, by=case.me),
        lambda case, one: answered(case.client.get(reverse("second_factor_reset", args=[one.pk]))),
    ),
}
