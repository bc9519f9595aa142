"""Many people on the map page at once: raw WebSocket clients that speak Streamlit's protocol, without browsers.

    uv run --group dev python benchmarks/users.py --data real --users 50 --seconds 60
    uv run --group dev python benchmarks/users.py --workspace workspace
    uv run --group dev python benchmarks/users.py --data mixed --users 50 --seconds 1800 --sign-in

Each opens the page, then changes the layer, the level or the kabupaten, thinks five seconds after every answer, and
keeps Streamlit's message cache as a browser does. Measured: seconds from a change to the end of its rerun, processor
seconds of the server a rerun, its memory for each further session and how it rises while all work, faults. With
``--sign-in`` the same again behind the door, each with a local account of their own, and what a rerun costs more.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
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
from campaign.access.accounts import add_account
from campaign.access.signing_in import change_password, mark_of, sign_in, who
from data.domain.actor import STRANGER, owner
from data.workspace import Workspace

PASSWORD = "kuda laut biru 77"
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

    def __init__(self, port: int, tally: Tally, seed: int, cookie: str = "") -> None:
        self.url = f"ws://127.0.0.1:{port}/_stcore/stream"
        self.origin = f"http://127.0.0.1:{port}"
        self.tally, self.random = tally, random.Random(seed)
        self.headers = {"Cookie": cookie} if cookie else {}
        self.kept: dict[str, ForwardMsg] = {}
        self.widgets: dict[str, tuple[str, list[str], str]] = {}
        self.states: dict[str, WidgetState] = {}
        self.script = ""
        self.query = "bahasa=id"

    async def live(self, until: float, think: float) -> None:
        """Opens the page and works until ``until`` (perf_counter)."""
        try:
            asked: dict[str, Any] = {"origin": self.origin, "subprotocols": ["streamlit"], "max_size": None}
            async with websockets.connect(self.url, additional_headers=self.headers, **asked) as ws:
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


async def crowd(port: int, pid: int, cookies: list[str], seconds: float, think: float) -> dict[str, Any]:
    """A client for each of ``cookies`` (empty: nobody signs in), started over ten seconds, and what they saw."""
    first, tally, users = Tally(), Tally(), len(cookies)
    await Client(port, first, 0, cookies[0]).live(time.perf_counter(), 0)
    _, before = of_process(pid)
    until = time.perf_counter() + 10 + seconds

    async def late(number: int) -> None:
        await asyncio.sleep(10 * number / users)
        await Client(port, tally, number + 1, cookies[number]).live(until, think)

    tasks = [asyncio.create_task(late(number)) for number in range(users)]
    await asyncio.sleep(12)
    begun, _ = of_process(pid)
    done = len(tally.reruns)
    memory: list[tuple[float, float]] = []  # minutes, MB
    while time.perf_counter() < until:
        await asyncio.sleep(min(10.0, max(0.0, until - time.perf_counter())))
        memory.append((time.perf_counter() / 60, of_process(pid)[1]))
    settled = memory[len(memory) // 5 :]  # caches fill in the first fifth
    slope = statistics.linear_regression(*zip(*settled, strict=True)).slope if len(settled) > 2 else float("nan")
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
        "MB_a_minute": round(slope, 3),
    }


def accounts(workspace: Workspace, users: int) -> list[str]:
    """Makes that many local accounts, each with a password of their own choice; their names."""
    store = workspace.store()
    names = [f"orang{number:03d}" for number in range(users)]
    for name in names:
        first = add_account(owner("Uji"), store, name, roles=["perencana"], areas=[], called=name)
        mark = mark_of(sign_in(STRANGER, store, name, first))
        signed = who(store, mark)
        if signed is None:
            raise RuntimeError("a new account is not let in")
        change_password(signed.actor, store, mark, first, PASSWORD)
    store.close()
    return names


def cookie(port: int, name: str) -> str:
    """What the browser of ``name`` holds after signing in at the server's door."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *given: Any) -> None:
            return None

    form = urllib.parse.urlencode({"akun": name, "sandi": PASSWORD}).encode()
    try:
        urllib.request.build_opener(Stay).open(f"http://127.0.0.1:{port}/masuk", form, timeout=60)
    except urllib.error.HTTPError as answer:
        if answer.code == 303:
            return str(answer.headers["set-cookie"]).partition(";")[0]
        raise
    raise RuntimeError(f"{name} is not signed in")


def visited(workspace: Path, args: argparse.Namespace, names: list[str], seconds: float) -> dict[str, Any]:
    """The crowd for ``seconds`` at a server of its own; ``names``: accounts that sign in, none for the open one."""
    port = free_port()
    command = [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace), "run", "--port", str(port)]
    with server(command, port, "/readyz", {"PETA_AMAN_SIGN_IN": "local"} if names else None) as process:
        time.sleep(3)
        load = round(os.getloadavg()[0], 1)
        cookies = [cookie(port, name) for name in names] or [""] * args.users
        return {"load": load, **asyncio.run(crowd(port, process.pid, cookies, seconds, args.think))}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", type=Path, help="one made before; without it one of --data is made and scored")
    data_options(parser)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--think", type=float, default=5)
    parser.add_argument("--sign-in", action="store_true", help="once more with accounts")
    parser.add_argument("--open-seconds", type=float, help="of the run without accounts; --seconds without")
    args = parser.parse_args()
    folder = tempfile.TemporaryDirectory()
    place = Path(folder.name) / "kerja"
    if args.workspace is None:
        workspace = made(args, place)
        if args.data != "contoh":
            peta_aman(workspace, "score")
    else:
        shutil.copytree(args.workspace, place)
    result: dict[str, Any] = {"data": str(args.workspace or args.data), "pandas": round(cpu_seconds(PANDAS), 2)}
    result["open"] = visited(place, args, [], args.open_seconds or args.seconds)
    if args.sign_in:
        result["signed_in"] = visited(place, args, accounts(Workspace(place), args.users), args.seconds)
        result["cpu_ratio"] = round(result["signed_in"]["cpu_ms_a_rerun"] / result["open"]["cpu_ms_a_rerun"], 3)
    folder.cleanup()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
