"""Which kernel a notebook gets, and how we talk to it: over IPC sockets."""

import contextlib
import shutil
import sys
import tempfile
import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from traitlets import default

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


class KernelClient(AsyncKernelClient):  # type: ignore[misc]
    """A client that begins as soon as the kernel answers.

    The stock one then listens for a fifth of a second for messages to throw away; we know ours by
    the request that they answer.
    """

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers on both channels."""
        limit = time.monotonic() + (timeout or float("inf"))
        while True:
            self.kernel_info()
            with contextlib.suppress(Empty):
                reply = await self.shell_channel.get_msg(timeout=1)
                if reply["msg_type"] == "kernel_info_reply":
                    await self.iopub_channel.get_msg(timeout=0.2)
                    self._handle_kernel_info_reply(reply)
                    return
            if not await self._async_is_alive():
                raise RuntimeError("the kernel died before it answered")
            if time.monotonic() > limit:
                raise RuntimeError(f"the kernel did not answer within {timeout} s")

    wait_for_ready = _async_wait_for_ready


class KernelManager(AsyncKernelManager):  # type: ignore[misc]
    """A kernel manager whose messages stay off the network where the system allows it."""

    @default("client_factory")  # type: ignore[untyped-decorator]
    def _our_client(self) -> type[KernelClient]:
        return KernelClient

    async def _async_wait(self, pollinterval: float = 0.005) -> None:
        await super()._async_wait(pollinterval)

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
