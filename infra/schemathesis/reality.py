"""Puts what exists into requests that are otherwise made up: lists, people, batches, schedules, codes, mails, and the tokens that fit them.

`FUZZ_SAMPLE` names a file with them. One request in four stays made up.
"""

import itertools
import json
import os

import schemathesis
from fitting import fit
from schemathesis.core.parameters import ParameterLocation

with open(os.environ["FUZZ_SAMPLE"], encoding="utf-8") as file:
    SAMPLE = json.load(file)

counter = itertools.count(1)
# Whoever is erased is gone: those for DELETE are not for the others.
people = itertools.cycle(SAMPLE["people"][::2])
erasable = itertools.cycle(SAMPLE["people"][1::2])
codes = itertools.cycle(SAMPLE["codes"])
batches = itertools.cycle(SAMPLE["batches"])
schedules = itertools.cycle(SAMPLE["schedules"])
dead_letters = itertools.cycle(SAMPLE["deadLetters"])

# Which of a person's tokens a body holds, by what ends the path.
TOKENS = {"confirmation": "confirmation", "departure": "unsubscribe"}


def is_sound(case, location: ParameterLocation) -> bool:
    return case.meta is not None and not case.meta.is_negative_at(location)


def person_for(case) -> dict:
    return next(erasable if case.method.upper() == "DELETE" else people)


@schemathesis.auth(refresh_interval=None).apply_to(path_regex=r"^/v1/(waitlists|invites|ops|mail)\b")
class AdminKey:
    """A key of every scope; one request in four shows none."""

    def get(self, case, context):
        return SAMPLE["adminKey"]

    def set(self, case, key, context):
        if next(counter) % 4 != 0:
            case.headers["Authorization"] = f"Bearer {key}"


@schemathesis.auth(refresh_interval=None).apply_to(path_regex=r"^/v1/entries/")
class StatusToken:
    """The token of a mail, and the person whom it is for."""

    def get(self, case, context):
        return person_for(case)

    def set(self, case, person, context):
        if is_sound(case, ParameterLocation.PATH) and next(counter) % 4 != 0:
            case.path_parameters["entryId"] = person["entryId"]
            case.headers["Authorization"] = f"Bearer {person['mailed']}"


@schemathesis.hook
def before_call(context, case, kwargs):
    keep_usable(case)
    if not is_sound(case, ParameterLocation.PATH) or next(counter) % 4 == 0:
        return
    person = person_for(case)
    name_what_exists(case.path, case.path_parameters or {}, person)
    if is_sound(case, ParameterLocation.BODY):
        name_people(case.body, person)
        fit(case.operation.label, case.body)
        kind = TOKENS.get(case.path.rpartition("/")[2])
        if kind and isinstance(case.body, dict):
            case.path_parameters["entryId"] = person["entryId"]
            case.body["token"] = person[kind]


def name_what_exists(path: str, parameters: dict, person: dict) -> None:
    found = {
        "batchId": next(batches),
        "code": next(codes),
        "deadLetterId": next(dead_letters),
        "mailId": person["mailId"],
        "receipt": person["receipt"],
        "scheduleId": next(schedules),
        "token": person["unsubscribe"],
    }
    if not path.endswith("{waitlistId}"):
        found["waitlistId"] = SAMPLE["list"]
    if path.startswith("/v1/waitlists/"):
        found["entryId"] = person["entryId"]
    parameters.update({name: value for name, value in found.items() if name in parameters})


def name_people(body: object, person: dict) -> None:
    """A batch by name is about somebody who is on the list, beside whom it made up."""
    if isinstance(body, dict) and isinstance(body.get("entryIds"), list):
        body["entryIds"][0] = person["entryId"]


def keep_usable(case) -> None:
    """What would make every later request the same refusal."""
    # The sample list stays as it is: the tool learns its name from answers.
    if case.path.endswith("{waitlistId}") and case.method.upper() != "GET":
        if case.path_parameters.get("waitlistId") == SAMPLE["list"]:
            case.path_parameters["waitlistId"] = "another"
    # The document's examples of these are for one body, and for one definition.
    if not case.headers or not is_sound(case, ParameterLocation.HEADER):
        return
    if "idempotency-key" in case.headers:
        case.headers["idempotency-key"] = f"fuzz-{os.getpid()}-{next(counter)}"
    if case.headers.get("if-match") == '"17"':
        case.headers["if-match"] = "*"
