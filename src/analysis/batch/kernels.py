"""Which kernel a notebook gets, and how we talk to it: over IPC sockets."""

import shutil
import sys
import tempfile
from typing import Any

from jupyter_client.manager import AsyncKernelManager

WARM = "python3-warm"
COLD = "python3"


def kernel_name(choice: str, notebook: Any) -> str:
    """Return the name of the kernel specification to use.

    Parameters
    ----------
    choice : str
        ``"warm"``, ``"cold"``, or the name of a specification. A notebook that names another
        kernel than plain Python keeps it under ``"warm"`` and ``"cold"``.
    notebook : nbformat.NotebookNode
        Its metadata may name a kernel.
    """
    own = notebook.metadata.get("kernelspec", {}).get("name", COLD)
    if choice not in ("warm", "cold"):
        return choice
    if own != COLD:
        return str(own)
    return WARM if choice == "warm" else COLD


class KernelManager(AsyncKernelManager):  # type: ignore[misc]
    """A kernel manager whose messages stay off the network where the system allows it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._sockets = ""
        if sys.platform != "win32":
            self._sockets = tempfile.mkdtemp(prefix="kernel-")
            self.transport, self.ip = "ipc", f"{self._sockets}/s"

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources
