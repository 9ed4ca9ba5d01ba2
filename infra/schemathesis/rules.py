"""Failures that are none: refusals by rules between fields, or against what is stored, that JSON Schema can't say.

Each names the operation, the answer's status and code, the field and the words. A refusal by anything else is a failure.
"""

import json
import re

import schemathesis

PUT_LIST = r"PUT /v1/waitlists/\{waitlistId\}"
TEST_MAIL = r"POST /v1/waitlists/\{waitlistId\}/mails/\{kind\}/test"
JOIN = r"POST /v1/waitlists/\{waitlistId\}/entries"
REDEEM = r"POST /v1/invites/\{code\}/redemption"
RESEND = r"POST /v1/waitlists/\{waitlistId\}/mails/\{mailId\}/resend"
REDRIVE = r"POST /v1/ops/dead-letters/\{deadLetterId\}/redrive"
DISCARD = r"POST /v1/ops/dead-letters/\{deadLetterId\}/discard"
WRITE = r"(PUT|POST|DELETE) .*"

# Requests that fit their schema.
REFUSED_ALL_THE_SAME = [
    # Two fields of a definition.
    (PUT_LIST, "400 invalid-request", r"/closesAt", "must be after opensAt"),
    (PUT_LIST, "400 invalid-request", r"/invites/reminderHours", "must be less than lifetimeHours"),
    (PUT_LIST, "400 invalid-request", r"/questions/\d+/id", "is used by an earlier question"),
    # A template that is none, or lacks its link; a language that there isn't.
    (PUT_LIST, "400 invalid-request", r"/mails/\w+/[\w-]+(/subject|/body)?", ".+"),
    # A mail server against an address.
    (TEST_MAIL, "422 mail-refused", None, None),
    # A signup against the questions and the consent of its list.
    (JOIN, "400 invalid-request", r"/answers/\w+", "is not a question of this waitlist|is required|must be .*"),
    (JOIN, "400 invalid-request", r"/consent", "must be given to sign up"),
    # A code that was used, or whose time is over.
    (REDEEM, "409 invite-redeemed", None, None),
    (REDEEM, "410 invite-(expired|withdrawn|gone)", None, None),
    # A mail that was sent, or still may be.
    (RESEND, "409 mail-not-resendable", None, None),
    # A record that was given up, or is on the log again.
    (REDRIVE, "409 dead-letter-(settled|not-redrivable)", None, None),
    (DISCARD, "409 dead-letter-settled", None, None),
    # A header against what is stored.
    (PUT_LIST, "412 precondition-failed", None, None),
    (WRITE, "422 idempotency-key-reused", None, None),
    # Fields that fit each by itself can be too long together.
    (WRITE, "413 body-too-large", None, None),
]


def is_refused_all_the_same(operation: str, problem: dict) -> bool:
    answer = f"{problem.get('status')} {problem.get('code')}"
    rules = [
        rule
        for rule in REFUSED_ALL_THE_SAME
        if re.fullmatch(rule[0], operation) and re.fullmatch(rule[1], answer)
    ]

    def is_named(error: dict) -> bool:
        return any(
            field is None or (re.fullmatch(field, error["path"]) and re.fullmatch(words, error["message"]))
            for _, _, field, words in rules
        )

    return bool(rules) and all(map(is_named, problem.get("errors", [])))


def is_hidden(operation: str, failure: Exception) -> bool:
    """A token that doesn't fit is answered like an entry that doesn't exist: 404, never 401."""
    return re.fullmatch(r"\w+ /v1/entries/.*", operation) is not None and "got `404 Not Found`" in str(failure)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    kind = type(failure).__name__
    if kind == "IgnoredAuth":
        return not is_hidden(case.operation.label, failure)
    if kind != "RejectedPositiveData" or "problem+json" not in response.headers.get("content-type", [""])[0]:
        return True
    return not is_refused_all_the_same(case.operation.label, json.loads(response.content))
