"""Load on a server, and what it came to.

Reads are asked for by wrk, which costs the machine the least; whatever must tell answers apart is sent by
`rejoinder-bench`. Both are closed loops. A sample is one measurement: good answers a second, what the server's
processes used for each, latencies, and every answer that was not good.
"""

import itertools
import json
import math
import subprocess
from pathlib import Path

from .processes import Failed, processor_seconds, run


# Requests that one load can send, by far.
NUMBERS = 1_000_000


class Tools:
    """What loads a server with."""

    def __init__(self, settings):
        self.bench = settings.bench
        self.folder = settings.folder
        self.script = Path(__file__).parent.parent / "wrk" / "requests.lua"
        self.warmup = settings.warmup
        self.seconds = settings.seconds
        self.repetitions = settings.repetitions
        self._numbers = itertools.count(0, NUMBERS)

    def first_number(self):
        """Where the numbers of a load begin: no request of a run has another's, so no post is a copy of an earlier one."""
        return next(self._numbers)

    def wrk(self, server, paths, *, connections, headers=None, min_bytes=0, max_bytes=None, seconds=None):
        """A sample of GETs. wrk tells statuses above 399 apart; wrong answers show in the mean length."""
        # it takes whole seconds
        seconds = math.ceil(seconds or self.seconds)
        command = ["wrk", "-t", "1", "-c", connections, "-d", f"{seconds}s", "--timeout", "10s", "-s", self.script]
        for name, value in (headers or {}).items():
            command += ["-H", f"{name}: {value}"]
        first = paths if isinstance(paths, str) else paths[0]
        command.append(f"http://{server.address}{first}")
        if first is not paths:
            file = self.folder / "paths"
            file.write_text("".join(f"{path}\n" for path in paths))
            command += ["--", file]
        before = processor_seconds(server.pids)
        output = run(command, timeout=seconds + 60)
        used = processor_seconds(server.pids) - before
        lines = [line for line in output.splitlines() if line.startswith("RESULT ")]
        if not lines:
            raise Failed(f"wrk printed no result:\n{output[-1000:]}")
        told = json.loads(lines[-1].removeprefix("RESULT "))
        good = told["requests"] - told["status"]
        bad = {name: told[name] for name in ("connect", "read", "write", "status", "timeout") if told[name]}
        mean_bytes = round(told["bytes"] / max(1, told["requests"]))
        if good and not min_bytes <= mean_bytes <= (max_bytes or mean_bytes):
            bad["answers of another length"], good = told["requests"], 0
        return sample(
            good,
            told["micros"] / 1e6,
            used,
            bad,
            p50_ms=told["p50_us"] / 1000,
            p99_ms=told["p99_us"] / 1000,
            mean_bytes=mean_bytes,
        )

    def load(self, server, plan, *, connections, seconds=None, warmup=0, once=False):
        """Samples by the kind of request, of a plan in memory."""
        return self.ended_load(self.begin_load(server, plan, connections, seconds or self.seconds, warmup, once))

    def begin_load(self, server, plan, connections, seconds, warmup=0, once=False, name="plan"):
        """Load that goes on beside others."""
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(plan))
        command = [self.bench, "load", "--address", server.address, "--plan", file, "--connections", connections]
        command += ["--seconds", seconds, "--warmup", warmup, *(["--once"] if once else [])]
        command += ["--first-number", self.first_number()]
        for pid in server.pids:
            command += ["--pid", pid]
        command = [str(part) for part in command]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        return process, seconds + warmup + 60

    def ended_load(self, begun):
        process, timeout = begun
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=10)
            raise Failed("the load did not end in time") from None
        if process.returncode != 0:
            raise Failed(f"the load failed: {errors[-1000:]}")
        told = json.loads(output)
        total = sum(kind["good"] for kind in told["kinds"].values())
        samples = {}
        for name, kind in told["kinds"].items():
            samples[name] = sample(
                kind["good"],
                told["seconds"],
                # what each kind used cannot be told apart: a share by number
                told["processor_seconds"] * kind["good"] / max(1, total),
                told["bad"],
                p50_ms=kind["p50_ms"],
                p99_ms=kind["p99_ms"],
                mean_bytes=round(kind["bytes"] / max(1, kind["good"])),
            )
        samples["all"] = sample(total, told["seconds"], told["processor_seconds"], told["bad"])
        return samples

    def bench_json(self, *args, timeout):
        """What a command of `rejoinder-bench` printed at last."""
        return json.loads(run([self.bench, *args], timeout=timeout).splitlines()[-1])


def sample(good, seconds, used, bad, **more):
    return {
        "good": good,
        "seconds": seconds,
        "per_second": good / seconds if seconds else 0,
        "cpu_us": used / good * 1e6 if good else None,
        "bad": bad,
    } | more


def interleaved(contestants, repetitions):
    """Samples of each contestant, one after another in each round, so that all meet the machine in the same state."""
    samples = {name: [] for name in contestants}
    for _ in range(repetitions):
        for name, measure in contestants.items():
            samples[name].append(measure())
    return samples


def request(kind, method, path, *, headers=None, body=None, expect=(200,), expect_part=None, min_bytes=0):
    """One request of a plan."""
    return {
        "kind": kind,
        "method": method,
        "path": path,
        "headers": headers or {},
        "body": None if body is None else json.dumps(body),
        "expect": list(expect),
        "expect_part": expect_part,
        "min_bytes": min_bytes,
    }


def plan(requests, order=None):
    return {"requests": requests, "order": list(range(len(requests))) if order is None else order}
