"""A kernel in a fresh fork: made to look as if it had just been started."""

import os
import random
import signal
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import NoReturn

ENDED_BADLY = 1
# No parent to look after, and no advice on how to end it, for those who started it by hand.
_BY_PROGRAM = "--IPKernelApp.parent_handle=1"


def run(
    arguments: Sequence[str],
    folder: str,
    environment: Mapping[str, str],
    outputs: Sequence[int],
    lifeline: int,
) -> NoReturn:
    """Be a kernel until it ends, in a session, folder and environment of its own.

    Args:
        arguments: what follows `python -m ipykernel_launcher` on a command line.
        folder: working directory.
        environment: replaces the whole environment.
        outputs: descriptors for standard output and standard error.
        lifeline: descriptor of a pipe that the server holds the other end of; when that is closed,
            the kernel ends at once, with all that it has started.
    """
    status = ENDED_BADLY
    try:
        _be_a_new_process(folder, environment, outputs)
        threading.Thread(target=_end_with, args=(lifeline,), daemon=True).start()
        from ipykernel.kernelapp import launch_new_instance

        sys.argv = ["ipykernel_launcher.py", *arguments]
        launch_new_instance([*arguments, _BY_PROGRAM])
        status = 0
    except SystemExit as ending:
        status = ending.code if isinstance(ending.code, int) else ENDED_BADLY
    except BaseException as error:  # nothing may run on as a second server
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                status = status or ENDED_BADLY
        os._exit(status)


def _end_with(lifeline: int) -> None:
    os.read(lifeline, 1)
    os.killpg(0, signal.SIGKILL)


def _be_a_new_process(folder: str, environment: Mapping[str, str], outputs: Sequence[int]) -> None:
    os.setsid()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
        signal.signal(signum, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for target, descriptor in zip((1, 2), outputs, strict=True):
        os.dup2(descriptor, target)
    for descriptor in outputs:
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    # Python reseeds its own generator in a fork; numpy's would draw the same in every kernel.
    numpy = sys.modules.get("numpy")
    if numpy is not None:
        numpy.random.seed(random.SystemRandom().getrandbits(32))
