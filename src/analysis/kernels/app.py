"""A kernel that loses no output in silence: it queues without limit and numbers what it sends.

``python -m analysis.kernels.app -f CONNECTION_FILE`` starts one, as ``ipykernel_launcher`` does.
"""

import itertools
from typing import Any

import zmq
from ipykernel.kernelapp import IPKernelApp

from analysis.kernels import NUMBER


class KernelApp(IPKernelApp):  # type: ignore[misc]
    """ipykernel's application, whose publishing socket drops nothing."""

    def init_iopub(self, context: Any) -> None:
        """Open the publishing socket, its queue without limit, and number its messages."""
        context.setsockopt(zmq.SNDHWM, 0)  # It counts only for what is bound later.
        super().init_iopub(context)
        published = (self.iopub_socket, self.iopub_thread)
        numbers = itertools.count()
        send = self.session.send

        def numbered(
            stream: Any,
            msg_or_type: Any,
            content: Any = None,
            parent: Any = None,
            ident: Any = None,
            buffers: Any = None,
            track: bool = False,
            header: Any = None,
            metadata: Any = None,
        ) -> Any:
            if any(stream is one for one in published):
                if isinstance(msg_or_type, dict):
                    msg_or_type["metadata"] = {**msg_or_type["metadata"], NUMBER: next(numbers)}
                else:
                    metadata = {**(metadata or {}), NUMBER: next(numbers)}
            return send(
                stream, msg_or_type, content, parent, ident, buffers, track, header, metadata
            )

        self.session.send = numbered


if __name__ == "__main__":
    KernelApp.launch_instance()
