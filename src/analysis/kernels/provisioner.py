"""The kernel provisioner that forks each kernel from a zygote: no kernel pays for imports.

The kernel specification ``python3-warm`` names it, so anything that starts kernels by
``jupyter_client`` can use it: papermill, nbclient, nbval, JupyterLab. Messages go over IPC sockets.
"""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
from pathlib import Path
from typing import Any

import zmq
from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from analysis.kernels import client, sockets


class WarmProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Starts kernels by forking; where forking is unsafe, by launching a plain process."""

    preload = List(Unicode(), client.PRELOAD, help="What the zygote imports first").tag(config=True)

    lease: socket.socket | None = None
    zygote: client.ZygoteProcess | client.KeptZygote | None = None
    status: int | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel runs or ran that has not been waited for."""
        return self.lease is not None or super().has_process

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare the launch; connections go over IPC sockets in a private folder."""
        manager = self.parent
        if manager is not None:
            manager.context.setsockopt(zmq.RCVHWM, 0)  # Whoever listens drops nothing either.
        if client.available() and manager is not None and manager.transport != "ipc":
            self.sockets = sockets.make("kernel-")
            manager.transport = "ipc"
            manager.ip = str(self.sockets / "s")
        return dict(await super().pre_launch(**kwargs))

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel from the zygote."""
        if not client.available():
            return await super().launch_kernel(cmd, **kwargs)
        env = {key: str(value) for key, value in (kwargs.get("env") or os.environ).items()}
        cwd = str(kwargs.get("cwd") or Path.cwd())  # The zygote's is that of an earlier moment.
        request = {"argv": cmd[2:], "env": env, "cwd": cwd}
        self.status = None
        self.zygote = client.start(self.preload, env)
        self.lease, self.pid = self.zygote.fork(request)
        self.pgid = self.pid
        return self.connection_info

    @property
    def orphaned(self) -> bool:
        """Whether the zygote of the kernel has ended, which ends the kernel too."""
        return self.zygote is not None and self.zygote.ended()

    async def poll(self) -> int | None:
        """Return None while the kernel runs, and its exit status afterwards."""
        if self.lease is None:
            return self.status if self.status is not None else await super().poll()
        try:
            line = self.lease.recv(4096)
        except BlockingIOError:
            return None
        except OSError:
            line = b""
        self.status = json.loads(line)["status"] if line else -signal.SIGKILL
        self.lease.close()
        self.lease = None
        return self.status

    async def wait(self) -> int | None:
        """Wait until the kernel has ended."""
        if self.lease is None:
            return self.status if self.status is not None else await super().wait()
        while await self.poll() is None:
            await asyncio.sleep(0.005)
        return self.status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel and what it started."""
        if self.lease is None:
            await super().send_signal(signum)
            return
        with contextlib.suppress(ProcessLookupError):
            try:
                os.killpg(self.pid, signum)
            except (ProcessLookupError, PermissionError):
                os.kill(self.pid, signum)

    async def kill(self, restart: bool = False) -> None:
        """Kill the kernel."""
        if self.lease is None:
            await super().kill(restart)
        else:
            await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        if self.lease is None:
            await super().terminate(restart)
        else:
            await self.send_signal(signal.SIGTERM)

    async def cleanup(self, restart: bool = False) -> None:
        """Give back what the kernel held; its sockets are kept for a restart."""
        await super().cleanup(restart)
        if not restart:
            shutil.rmtree(getattr(self, "sockets", ""), ignore_errors=True)
