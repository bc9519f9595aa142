"""A throwaway PostgreSQL for the tests: one cluster a run, one schema a test, nothing left behind.

`tests/run.py` sees to it that the programs are there; without them the tests that need them are skipped with a reason.
A developer's own server can be named by ``PETA_AMAN_TEST_POSTGRES``; only schemas made here are touched in it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote

TESTED = ("sqlite", "postgresql")


def postgres_programs() -> Path | None:
    """The folder that holds ``initdb`` and ``pg_ctl``; Debian keeps them off the path."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    places += [Path(found).resolve().parent] if found else []
    fitting = [place for place in places if (place / "initdb").exists() and (place / "pg_ctl").exists()]
    return fitting[-1] if fitting else None


@contextmanager
def postgres_cluster() -> Iterator[str | None]:
    """The address of an empty PostgreSQL that only this run can reach (a Unix socket), or ``None`` without one."""
    given = os.environ.get("PETA_AMAN_TEST_POSTGRES")
    if given:
        yield given
        return
    programs = postgres_programs()
    if programs is None or os.name != "posix":
        yield None
        return
    _stop_orphans(programs)
    folder = Path(tempfile.mkdtemp(prefix="peta-aman-pg-"))
    (folder / "owner").write_text(str(os.getpid()), encoding="ascii")
    who: dict[str, str] = {}
    try:
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            try:
                shutil.chown(folder, "postgres", "postgres")
            except LookupError:
                yield None
                return
            who = {"user": "postgres", "group": "postgres"}

        def run(*words: str) -> bool:
            done = subprocess.run(words, cwd=folder, stdout=subprocess.DEVNULL, check=False, **who)  # type: ignore[call-overload]
            return done.returncode == 0

        data = str(folder / "data")
        settings = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c max_connections=50"
        made = run(
            str(programs / "initdb"), "-D", data, "-U", "peta", "--auth=trust", "-k", "-E", "UTF8", "--locale=C"
        ) and (run(str(programs / "pg_ctl"), "-D", data, "-w", "-l", str(folder / "log"), "-o", settings, "start"))
        if not made:
            yield None
            return
        try:
            yield f"postgresql://peta@/postgres?host={quote(str(folder), safe='')}"
        finally:
            run(str(programs / "pg_ctl"), "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def restart_cluster(address: str) -> None:
    """Tears the cluster at ``address`` (of `postgres_cluster`) down at once, as a power cut would; starts it again."""
    programs = postgres_programs()
    assert programs is not None
    folder = Path(unquote(address.partition("host=")[2].partition("&")[0]))
    who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
    words = [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-m", "immediate", "-l", str(folder / "log")]
    subprocess.run([*words, "restart"], cwd=folder, stdout=subprocess.DEVNULL, check=True, **who)  # type: ignore[call-overload]


def _stop_orphans(programs: Path) -> None:
    """Stops clusters whose test run was killed before it could."""
    for folder in Path(tempfile.gettempdir()).glob("peta-aman-pg-*"):
        try:
            os.kill(int((folder / "owner").read_text(encoding="ascii")), 0)
        except ProcessLookupError:
            who = {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}
            words = [str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-m", "immediate", "stop"]
            subprocess.run(  # type: ignore[call-overload]
                words, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, **who
            )
            shutil.rmtree(folder, ignore_errors=True)
        except (OSError, ValueError):
            continue


@contextmanager
def empty_schema(cluster: str) -> Iterator[str]:
    """The address of an empty schema, dropped at the end."""
    import psycopg

    name = f"uji_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    try:
        yield f"{cluster}{'&' if '?' in cluster else '?'}options=-csearch_path%3D{name}"
    finally:
        with psycopg.connect(cluster, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {name} CASCADE")
