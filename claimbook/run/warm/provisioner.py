"""Between Jupyter and the kernels: warm ones where that is possible, ordinary ones otherwise."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo, port_names
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from claimbook.run.warm import client

_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]
_UNDERSTOOD = {"env", "cwd", "independent", "kernel_id", "extra_arguments"}
_STARTING = 60  # seconds for a kernel to start, as nbclient has it
_PATIENCE = 2.0  # seconds for a kernel that was asked to end; then Jupyter's own way begins

_told: set[str] = set()


class WarmProvisioner(LocalProvisioner):
    """Forks kernels from a process that has everything imported.

    Chosen by `JUPYTER_DEFAULT_PROVISIONER_NAME=claimbook-warm`. A kernel that cannot be forked is
    started in the ordinary way, and the reason is printed once.
    """

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Prepare the launch as Jupyter does, but leave the choice of ports to the kernel.

        Jupyter looks for free ports and hopes that they still are when the kernel wants them; with
        several kernels at a time, and others on this machine, now and then one is not.
        """
        again = bool(self.connection_info)  # then its clients know the ports
        self._manager.cache_ports = False
        prepared = await super().pre_launch(**kwargs)
        if not again:
            self._note_ports(dict.fromkeys(port_names, 0))
        return prepared

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork a kernel, or start an ordinary one, and wait until it has its ports.

        Raises:
            RuntimeError: it ended before, or took too long.
        """
        await self._launch(cmd, **kwargs)
        end = time.monotonic() + _STARTING
        while time.monotonic() < end:
            ports = self._noted_ports()
            if all(ports.values()):
                for name, port in ports.items():
                    setattr(self._manager, name, port)
                self.connection_info = self._manager.get_connection_info()
                return self.connection_info
            if await self.poll() is not None:
                raise RuntimeError("Kernel died before it could be reached")
            await asyncio.sleep(0.005)
        raise RuntimeError(f"Kernel could not be reached in {_STARTING} seconds")

    async def _launch(self, cmd: list[str], **kwargs: Any) -> None:
        environment = kwargs.get("env") or dict(os.environ)
        folder = os.fspath(kwargs.get("cwd") or Path.cwd())
        try:
            server = client.server()
            _need_forkable(cmd, kwargs, server, environment)
            arguments = cmd[len(_LAUNCHER) :]
            file = self._manager.connection_file
            kernel = server.launch(arguments, folder, environment, leftover=file)
        except client.UnavailableError as reason:
            _tell(f"Ordinary kernels instead of warm ones: {reason}.")
            await super().launch_kernel(cmd, **kwargs)
            return
        self.process = kernel  # type: ignore[assignment]
        self.pid = self.pgid = kernel.pid
        self.cwd = folder

    @property
    def _manager(self) -> Any:
        """The kernel manager that this works for, which holds the connection file."""
        return self.parent

    def _note_ports(self, ports: dict[str, int]) -> None:
        path = Path(self._manager.connection_file)
        noted = json.loads(path.read_text(encoding="utf-8")) | ports
        path.write_text(json.dumps(noted), encoding="utf-8")  # as private as it was

    def _noted_ports(self) -> dict[str, int]:
        """Ports in the connection file; 0 for those that the kernel has not chosen yet."""
        try:
            noted = json.loads(Path(self._manager.connection_file).read_text(encoding="utf-8"))
        except (OSError, ValueError):  # it is being written
            noted = {}
        return {name: noted.get(name, 0) for name in port_names}

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
