"""Makes the fields of a request fit together, and to its list, where JSON Schema has no words for it."""

# What the sample list asks (packages/fuzz/src/sample.ts), by the type of answer that fits.
QUESTIONS = {str: "why", bool: "ok", int: "age", float: "age"}
# The link that a mail of each kind is for.
LINKS = {"confirmation": "confirmUrl", "already": "placeUrl", "invite": "inviteUrl", "reminder": "inviteUrl"}
END_OF_TIME = "9999-12-31T23:59:59.000Z"


def fit(operation: str, body: object) -> None:
    if not isinstance(body, dict):
        return
    if operation.startswith("PUT /v1/waitlists/"):
        fit_definition(body)
    if operation.endswith("/entries") and isinstance(body.get("answers"), dict):
        body["answers"] = {QUESTIONS[type(each)]: each for each in body["answers"].values() if type(each) in QUESTIONS}


def fit_definition(body: dict) -> None:
    if body.get("opensAt", "") >= body.get("closesAt", END_OF_TIME):
        body["closesAt"] = END_OF_TIME
    invites = body.get("invites", {})
    if invites.get("reminderHours", 0) >= invites.get("lifetimeHours", 168):
        del invites["reminderHours"]
    if "mails" in body:
        body["mails"] = {kind: fit_texts(kind, texts) for kind, texts in body["mails"].items()}
    seen = set()
    for index, question in enumerate(body.get("questions", [])):
        if question["id"] in seen:
            question["id"] = f"q{index}"
        seen.add(question["id"])


def fit_texts(kind: str, texts: dict) -> dict:
    """One of them, in a language that there is: its template empty but for the link, its Markdown as it was made up."""
    link = f"\n\n[Go on]({{{{ {LINKS.get(kind, 'leaveUrl')} }}}})"
    for text in texts.values():
        words = {field: words.translate(str.maketrans("{}[]", "()()")) for field, words in text.items()}
        return {"de-AT": {**words, "body": words["body"][:5000] + link}}
    return {}
