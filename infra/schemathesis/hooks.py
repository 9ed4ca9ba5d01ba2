"""What Schemathesis has to know of this API."""

import json
import os

import schemathesis

import formats  # noqa: F401
import rules  # noqa: F401

if "FUZZ_SAMPLE" in os.environ:
    import reality  # noqa: F401


@schemathesis.serializer("message/rfc822")
def as_message(_context: object, value: object) -> bytes:
    """A delivery report may be any bytes: whatever was made up is sent as it is."""
    if isinstance(value, bytes):
        return value
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")
