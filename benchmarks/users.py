"""Many people on the map page at once: raw WebSocket clients that speak Streamlit's protocol, without browsers.

    uv run --group dev python benchmarks/users.py --data real --users 50 --seconds 60
    uv run --group dev python benchmarks/users.py --workspace workspace

Each opens the page, then changes the layer, the level or the kabupaten, thinks five seconds after every answer, and
keeps Streamlit's message cache as a browser does. Measured: seconds from a change to the end of its rerun, processor
seconds of the server a rerun, its memory for each further session, faults.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.browser import ROOT, free_port, memory_mb, server
from benchmarks.office import PANDAS, cpu_seconds, data_options, made, peta_aman

TURNED = ("lapisan", "tingkat", "kabupaten")
_DONE = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


@dataclass
class Tally:
    """What all clients saw: seconds and bytes of each rerun, seconds of each opening, and what went wrong."""

    opened: list[float] = field(default_factory=list)
    reruns: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


class Client:
    """One person's tab."""

    def __init__(self, port: int, tally: Tally, seed: int) -> None:
        self.url = f"ws://127.0.0.1:{port}/_stcore/stream"
        self.origin = f"http://127.0.0.1:{port}"
        self.tally, self.random = tally, random.Random(seed)
        self.kept: dict[str, ForwardMsg] = {}
        self.widgets: dict[str, tuple[str, list[str], str]] = {}
        self.states: dict[str, WidgetState] = {}
        self.script = ""
        self.query = "bahasa=id"

    async def live(self, until: float, think: float) -> None:
        """Opens the page and works until ``until`` (perf_counter)."""
        try:
            asked: dict[str, Any] = {"origin": self.origin, "subprotocols": ["streamlit"], "max_size": None}
            async with websockets.connect(self.url, **asked) as ws:
                begun = time.perf_counter()
                await self._ask(ws, "")
                self.tally.opened.append(time.perf_counter() - begun)
                while time.perf_counter() < until:
                    await asyncio.sleep(self.random.uniform(0.5, 1.5) * think)
                    begun = time.perf_counter()
                    size = await self._ask(ws, self._turn())
                    self.tally.reruns.append(time.perf_counter() - begun)
                    self.tally.received.append(size)
        except Exception as fault:
            self.tally.faults.append(f"{type(fault).__name__}: {fault}")

    def _turn(self) -> str:
        """Chooses another value in one of the widgets; returns the fragment that holds it."""
        ident, options, fragment = self.widgets[self.random.choice(TURNED)]
        self.states[ident] = WidgetState(id=ident, string_value=self.random.choice(options))
        return fragment

    async def _ask(self, ws: Any, fragment: str) -> int:
        """Asks for a rerun and reads until it ends; returns the bytes received."""
        message = BackMsg()
        state = message.rerun_script
        state.query_string, state.page_script_hash, state.fragment_id = self.query, self.script, fragment
        state.page_name = "" if self.script else "peta"
        state.widget_states.widgets.extend(self.states.values())
        state.cached_message_hashes.extend(self.kept)
        state.context_info.url = f"{self.origin}/peta"
        await ws.send(message.SerializeToString())
        size = 0
        while True:
            raw = await asyncio.wait_for(ws.recv(), 60)
            size += len(raw)
            answer = ForwardMsg.FromString(raw)
            kind = answer.WhichOneof("type")
            if kind == "ref_hash":
                if answer.ref_hash not in self.kept:
                    raise LookupError("the server refers to a message it did not send")
                answer, kind = self.kept[answer.ref_hash], "delta"
            elif answer.metadata.cacheable:
                self.kept[answer.hash] = answer
            if kind == "delta":
                self._read(answer)
            elif kind == "new_session":
                self.script = answer.new_session.page_script_hash
            elif kind == "page_info_changed":
                self.query = answer.page_info_changed.query_string
            elif kind == "script_finished" and answer.script_finished in _DONE:
                return size

    def _read(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "exception":
            raise RuntimeError(element.exception.message)
        box = element.selectbox
        name = box.id.rpartition("-")[2]
        if element.WhichOneof("type") == "selectbox" and name in TURNED:
            self.widgets[name] = (box.id, list(box.options), message.delta.fragment_id)


def of_process(pid: int) -> tuple[float, float]:
    """Processor seconds so far, and megabytes in memory now."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), memory_mb(pid)


async def crowd(port: int, pid: int, users: int, seconds: float, think: float) -> dict[str, Any]:
    """``users`` clients, started over ten seconds, and what they saw."""
    first, tally = Tally(), Tally()
    await Client(port, first, 0).live(time.perf_counter(), 0)
    _, before = of_process(pid)
    until = time.perf_counter() + 10 + seconds

    async def late(number: int) -> None:
        await asyncio.sleep(10 * number / users)
        await Client(port, tally, number + 1).live(until, think)

    tasks = [asyncio.create_task(late(number)) for number in range(users)]
    await asyncio.sleep(12)
    begun, _ = of_process(pid)
    done = len(tally.reruns)
    await asyncio.sleep(max(0.0, until - time.perf_counter()))
    cpu, after = of_process(pid)
    counted = len(tally.reruns) - done
    await asyncio.gather(*tasks)
    waits = sorted(tally.reruns)
    return {
        "users": users,
        "reruns": len(waits),
        "n_faults": len(tally.faults) + len(first.faults),
        "faults": tally.faults[:5],
        "open_median_s": round(statistics.median(tally.opened), 3),
        "open_max_s": round(max(tally.opened), 3),
        "rerun_median_s": round(statistics.median(waits), 3),
        "rerun_p95_s": round(waits[int(len(waits) * 0.95)], 3),
        "cpu_ms_a_rerun": round(1000 * (cpu - begun) / max(counted, 1), 1),
        "bytes_median": round(statistics.median(tally.received)),
        "bytes_max": max(tally.received),
        "server_MB": round(after),
        "MB_a_session": round((after - before) / users, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", type=Path, help="one made before; without it one of --data is made and scored")
    data_options(parser)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5)
    args = parser.parse_args()
    port = free_port()
    folder = tempfile.TemporaryDirectory()
    if args.workspace is None:
        workspace = made(args, Path(folder.name) / "kerja")
        if args.data != "contoh":
            peta_aman(workspace, "score")
        args.workspace = workspace.path
    command = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(args.workspace), "run", "--port", str(port)]
    with server(command, port, "/readyz") as process:
        time.sleep(3)
        result: dict[str, Any] = {"data": args.data, "load": round(os.getloadavg()[0], 1)}
        result["pandas"] = round(cpu_seconds(PANDAS), 2)
        result |= asyncio.run(crowd(port, process.pid, args.users, args.seconds, args.think))
    folder.cleanup()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
