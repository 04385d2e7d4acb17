"""Whatever work does, it costs only itself, and nothing of it remains."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from policytrack.core.isolation import Ended, How, Limits, Zygote

TESTS = Path(__file__).parents[1]
WORK = "tests.core.hostile_work"
LIMITS = Limits(cpu_seconds=1, wall_seconds=20.0, output_bytes=4 * 1024 * 1024)


@pytest.fixture(scope="module")
def zygote() -> Iterator[Zygote]:
    kept = Zygote(WORK, packages=[TESTS])
    yield kept
    kept.close()


def run(
    zygote: Zygote,
    name: str,
    limits: Limits = LIMITS,
    files: tuple[int, ...] = (),
    **arguments: str,
) -> tuple[Ended, bytes]:
    output = bytearray()
    ended = zygote.run(
        f"{WORK}:{name}",
        arguments=arguments,
        files=files,
        limits=limits,
        receive=output.extend,
    )
    return ended, bytes(output)


def gone(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_work_is_done_with_its_arguments_and_files(zygote: Zygote) -> None:
    assert run(zygote, "answer", word="كلمة") == (Ended(How.DONE), "heard كلمة".encode())
    with tempfile.TemporaryFile() as first, tempfile.TemporaryFile() as second:
        first.write(b"one ")
        second.write(b"two")
        first.flush()
        second.flush()
        done = run(zygote, "copy", files=(first.fileno(), second.fileno()))
    assert done == (Ended(How.DONE), b"one two")


def test_work_knows_what_its_module_found_out_before_and_nothing_of_other_work(
    zygote: Zygote,
) -> None:
    assert [run(zygote, "known")[1] for _time in range(2)] == [b"told before"] * 2


@pytest.mark.parametrize(
    ("name", "limits", "how"),
    [
        ("loop", LIMITS, How.TOO_LONG),
        ("sleep", Limits(wall_seconds=0.2), How.TOO_LONG),
        ("swell", Limits(memory_bytes=256 * 1024 * 1024), How.OUT_OF_ROOM),
        ("recurse", Limits(), How.OUT_OF_ROOM),
        ("flood", Limits(output_bytes=1024 * 1024), How.TOO_MUCH),
        ("die", LIMITS, How.KILLED),
        ("crash", LIMITS, How.KILLED),
        ("close_and_sleep", Limits(wall_seconds=0.2), How.TOO_LONG),
        ("no_such_work", LIMITS, How.FAILED),
        ("open_socket", LIMITS, How.FAILED),
        ("lie", LIMITS, How.FAILED),
    ],
)
def test_what_breaks_a_limit_is_ended_and_the_next_work_is_done(
    zygote: Zygote, name: str, limits: Limits, how: How
) -> None:
    ended, output = run(zygote, name, limits)
    assert ended.how is how
    assert len(output) <= LIMITS.output_bytes
    assert run(zygote, "answer", word="next")[1] == b"heard next"


def test_the_signal_is_told(zygote: Zygote) -> None:
    assert run(zygote, "die")[0].detail == "SIGKILL"
    assert run(zygote, "crash")[0].detail == "SIGABRT"


def test_a_mistake_of_our_own_is_told_with_its_place(zygote: Zygote) -> None:
    assert "no_such_work" in run(zygote, "no_such_work")[0].detail


def test_no_file_is_written_and_no_secret_found(
    zygote: Zygote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, _ = run(zygote, "write_file", path=str(tmp_path / "escaped"))
    assert ended.how is How.FAILED
    roomy = Limits(more_files=8)
    ended, _ = run(zygote, "write_file", roomy, path=str(tmp_path / "escaped"))
    assert "File too large" in ended.detail
    with tempfile.TemporaryFile() as file:
        assert "File too large" in run(zygote, "write_input", files=(file.fileno(),))[0].detail
    monkeypatch.setenv("POLICYTRACK_SECRET_KEY", "x" * 40)
    fresh = Zygote(WORK, packages=[TESTS])
    assert b"SECRET" not in run(fresh, "show")[1]
    fresh.close()


def test_many_at_once_from_many_threads(zygote: Zygote) -> None:
    words = [str(number) for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(lambda word: run(zygote, "answer", word=word)[1], words))
    assert done == [f"heard {word}".encode() for word in words]


def test_work_that_hangs_does_not_hold_up_other_work(zygote: Zygote) -> None:
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(run, zygote, "sleep", Limits(wall_seconds=1.0))
        assert run(zygote, "answer", word="quick")[0].how is How.DONE
        assert not hanging.done()
        assert hanging.result()[0].how is How.TOO_LONG


def test_a_dead_parent_is_started_anew() -> None:
    zygote = Zygote(WORK, packages=[TESTS])
    ended, output = run(zygote, "kill_parent")
    assert (ended.how, output) == (How.LOST, b"begun")
    assert run(zygote, "answer", word="again")[1] == b"heard again"
    zygote.close()


def test_nothing_is_left_of_a_child_that_was_given_up_or_left_others(zygote: Zygote) -> None:
    ended, output = run(zygote, "tell_pid", Limits(wall_seconds=0.3))
    assert ended.how is How.TOO_LONG
    wait_for(lambda: not psutil.pid_exists(int(output)))
    ended, output = run(zygote, "leave_children")
    assert ended.how is How.DONE
    wait_for(lambda: gone(int(output)))


def test_a_receiver_that_fails_ends_the_work(zygote: Zygote) -> None:
    pids = []

    def fail(piece: bytes) -> None:
        pids.append(int(piece))
        raise ValueError("not like that")

    with pytest.raises(ValueError, match="not like that"):
        zygote.run(f"{WORK}:tell_pid", arguments={}, limits=LIMITS, receive=fail)
    wait_for(lambda: not psutil.pid_exists(pids[0]))


CALLER = """
import sys
from pathlib import Path
from policytrack.core.isolation import Limits, Zygote
zygote = Zygote("tests.core.hostile_work", packages=[Path(sys.argv[1])])
def tell(piece):
    print(piece.decode(), flush=True)
zygote.run("tests.core.hostile_work:tell_pid", arguments={}, limits=Limits(), receive=tell)
"""


def test_when_the_caller_is_killed_all_of_it_ends() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", CALLER, str(TESTS)], stdout=subprocess.PIPE, text=True
    ) as caller:
        assert caller.stdout is not None
        child = int(caller.stdout.readline())
        parent = psutil.Process(child).ppid()
        assert parent != caller.pid
        caller.send_signal(signal.SIGKILL)
    wait_for(lambda: gone(child) and gone(parent))


def test_a_forked_process_has_a_parent_of_its_own(zygote: Zygote) -> None:
    assert run(zygote, "answer", word="before")[1] == b"heard before"
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from policytrack.core.isolation import Limits, Zygote\n"
        "zygote = Zygote('tests.core.hostile_work', packages=[Path(sys.argv[1])])\n"
        "def ask():\n"
        "    got = bytearray()\n"
        "    zygote.run('tests.core.hostile_work:answer', arguments={'word': 'x'},"
        " limits=Limits(), receive=got.extend)\n"
        "    return bytes(got)\n"
        "assert ask() == b'heard x'\n"
        "child = os.fork()\n"
        "assert ask() == b'heard x'\n"
        "if child:\n"
        "    assert os.waitpid(child, 0)[1] == 0\n"
        "    assert ask() == b'heard x'\n"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", script, str(TESTS)], check=False)
    assert done.returncode == 0
