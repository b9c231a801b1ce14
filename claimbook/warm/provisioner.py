"""Between Jupyter and the kernels: warm ones where that is possible, ordinary ones otherwise."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from claimbook.warm import client

_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]
_UNDERSTOOD = {"env", "cwd", "independent", "kernel_id", "extra_arguments"}
_PATIENCE = 2.0  # seconds for a kernel that was asked to end; then Jupyter's own way begins

_told: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a process that has everything imported.

    Chosen by `JUPYTER_DEFAULT_PROVISIONER_NAME=claimbook-warm`. A kernel that cannot be forked is
    started in the ordinary way, and the reason is printed once.
    """

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one."""
        environment = kwargs.get("env") or dict(os.environ)
        folder = os.fspath(kwargs.get("cwd") or Path.cwd())
        try:
            server = client.server()
            _need_forkable(cmd, kwargs, server, environment)
            kernel = server.launch(cmd[len(_LAUNCHER) :], folder, environment)
        except client.UnavailableError as reason:
            _tell(f"Ordinary kernels instead of warm ones: {reason}.")
            return await super().launch_kernel(cmd, **kwargs)
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        self.cwd = folder
        return self.connection_info

    async def send_signal(self, signum: int) -> None:
        """Signal the kernel and what it has started."""
        if isinstance(self.process, client.Kernel):
            self.process.send_signal(signum)
        else:
            await super().send_signal(signum)

    async def shutdown_requested(self, restart: bool = False) -> None:
        """Give the kernel a moment to end, looking more often than Jupyter does."""
        if isinstance(self.process, client.Kernel):
            for _ in range(int(_PATIENCE / 0.01)):
                if self.process.poll() is not None:
                    return
                await asyncio.sleep(0.01)


def _need_forkable(
    cmd: list[str], kwargs: dict[str, Any], server: client.Server, environment: dict[str, str]
) -> None:
    if cmd[: len(_LAUNCHER)] != _LAUNCHER:
        raise client.UnavailableError(f"expected {' '.join(_LAUNCHER)}, found {' '.join(cmd[:3])}")
    unknown = {name for name, value in kwargs.items() if value is not None} - _UNDERSTOOD
    if unknown:
        raise client.UnavailableError(f"a fork cannot take {', '.join(sorted(unknown))}")
    if client.startup(environment) != server.startup:
        names = {name for name, _ in client.startup(environment).items() ^ server.startup.items()}
        raise client.UnavailableError(f"Python must start anew for {', '.join(sorted(names))}")


def _tell(message: str) -> None:
    if message not in _told:
        _told.add(message)
        print(message, file=sys.stderr)
