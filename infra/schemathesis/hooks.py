"""What Schemathesis has to know of this API."""

import os

import formats  # noqa: F401
import rules  # noqa: F401

if "FUZZ_SAMPLE" in os.environ:
    import reality  # noqa: F401
