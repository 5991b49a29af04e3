"""Recompute the numbers of a published report from source data, by five questions."""

import sys
from typing import Any

# jsonschema imports it, where it is installed, to check a form of address that no schema here has,
# and it takes most of a second to build its grammar. So here it counts as not installed.
_modules: dict[str, Any] = sys.modules
_modules.setdefault("rfc3987_syntax", None)
