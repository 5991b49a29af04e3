"""Which kernel a notebook gets, and how we talk to it: over IPC sockets."""

import contextlib
import shutil
import sys
import time
from collections.abc import Callable
from queue import Empty
from typing import Any

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.manager import AsyncKernelManager
from traitlets import Type, default

from analysis.kernels import NUMBER, sockets
from analysis.kernels.client import KernelLost

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


class Counted(AsyncZMQSocketChannel):  # type: ignore[misc]
    """A channel of published messages that notices when some are missing or far too many.

    Attributes
    ----------
    most : int
        Bytes that may arrive in all; 0 for no limit. Beyond it, nothing more is kept.
    flooded : callable
        Called when more arrives.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.most = self.size = 0
        self.flooded: Callable[[], None] = lambda: None
        self.expected = -1
        self.early: set[int] = set()

    async def _recv(self, **how: Any) -> dict[str, Any]:
        """Receive a message and note its number and size."""
        parts = await self.socket.recv_multipart(**how)
        self.size += sum(map(len, parts))
        _, rest = self.session.feed_identities(parts)
        message: dict[str, Any] = self.session.deserialize(rest)
        if self.most and self.size > self.most:
            self.flooded()
            if message["msg_type"] in ("stream", "display_data", "execute_result"):
                message["msg_type"] = message["header"]["msg_type"] = "clear"
        number = message["metadata"].get(NUMBER)
        if number is not None:
            self._note(number)
        return message

    def _note(self, number: int) -> None:
        """Note that a message of this number came; threads of a kernel may overtake each other."""
        if self.expected < 0:
            self.expected = number
        self.early.add(number)
        while self.expected in self.early:
            self.early.remove(self.expected)
            self.expected += 1

    async def settle(self, seconds: float = 1.0) -> int:
        """Return how many messages are missing, those that come within some time not counted."""
        limit = time.monotonic() + seconds
        while self.missing and time.monotonic() < limit:
            with contextlib.suppress(Empty):
                await self.get_msg(timeout=0.05)
        return self.missing

    @property
    def missing(self) -> int:
        """How many messages have not come though later ones have."""
        return max(self.early) - self.expected + 1 - len(self.early) if self.early else 0


class KernelClient(AsyncKernelClient):  # type: ignore[misc]
    """A client that begins as soon as the kernel answers.

    The stock one then listens for a fifth of a second for messages to throw away; we know ours by
    the request that they answer.
    """

    iopub_channel_class = Type(Counted)

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
                raise KernelLost("the kernel died before it answered")
            if time.monotonic() > limit:
                raise RuntimeError(f"the kernel did not answer within {timeout} s")

    wait_for_ready = _async_wait_for_ready


class KernelManager(AsyncKernelManager):  # type: ignore[misc]
    """A kernel manager whose messages stay off the network where the system allows it."""

    @default("client_factory")  # type: ignore[untyped-decorator]
    def _our_client(self) -> type[KernelClient]:
        return KernelClient

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the command of a kernel: ours in place of ipykernel's launcher.

        Only ipykernel knows how to keep no history.
        """
        command: list[str] = super().format_kernel_cmd(extra_arguments)
        if "ipykernel_launcher" not in command:
            return command
        command.append("--HistoryManager.enabled=False")
        if command[0] == sys.executable:
            command[command.index("ipykernel_launcher")] = "analysis.kernels.app"
        return command

    async def _async_wait(self, pollinterval: float = 0.005) -> None:
        await super()._async_wait(pollinterval)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.context.setsockopt(zmq.RCVHWM, 0)
        self._sockets = ""
        if sys.platform != "win32":
            self._sockets = str(sockets.make("kernel-"))
            self.transport, self.ip = "ipc", f"{self._sockets}/s"

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self._sockets, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources
