"""Processes of this run: each is started here, bounded in time, and ended here."""

import os
import signal
import socket
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


class Failed(Exception):
    """Something that the run cannot do without did not work; says what."""


def run(command, *, timeout, env=None, cwd=None, text_in=None, nice=0, out=subprocess.PIPE):
    """Runs a command to its end; its standard output, where it does not go elsewhere."""
    done = subprocess.run(
        [str(part) for part in command],
        env=env,
        cwd=cwd,
        input=text_in,
        stdin=None if text_in is not None else subprocess.DEVNULL,
        stdout=out,
        stderr=subprocess.PIPE,
        text=True,
        timeout=timeout,
        check=False,
        preexec_fn=(lambda: os.nice(nice)) if nice else None,
    )
    if done.returncode != 0:
        raise Failed(
            f"{' '.join(map(str, command))[:300]} ended with {done.returncode}:\n{(done.stderr or done.stdout or '')[-2000:]}"
        )
    return done.stdout


@contextmanager
def running(command, *, log, env=None, cwd=None, stop_with=signal.SIGTERM):
    """A server that runs while the block does."""
    with open(log, "ab") as out:
        process = subprocess.Popen(
            [str(part) for part in command], env=env, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop_with)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(timeout=10)


def free_port():
    """A port of the loopback interface that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, process, seconds=30):
    """Until something listens there."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if process.poll() is not None:
            raise Failed(f"the server ended with {process.returncode} before it listened")
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise Failed("the server does not listen")


def family(pid):
    """The process and its children, which servers with workers have."""
    pids = [pid]
    for each in pids:
        try:
            children = Path(f"/proc/{each}/task/{each}/children").read_text()
        except OSError:
            continue
        pids += [int(child) for child in children.split()]
    return pids


def processor_seconds(pids):
    """Processor time that these processes used until now."""
    return sum(map(_ticks, pids)) / TICKS_PER_SECOND


def _ticks(pid):
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0
    # the name before it may hold spaces and parentheses
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def pss_mib(pid):
    """The process's share of memory: pages that it shares count in part."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise Failed("smaps_rollup has no Pss")
