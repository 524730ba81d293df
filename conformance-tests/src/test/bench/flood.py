#!/usr/bin/env python3
"""One source floods an accept socket that has a rate-limit, another one comes once a second: what does that one wait?

    flood.py [--usher COMMAND] [--rate 1000] [--seconds 60]

Each connection of the second source is timed from connect to the last byte of its answer, first with nobody else there,
then under the flood; the ratio is that of the medians. The flood's client and the launcher share the processors."""
import argparse
import multiprocessing
import pathlib
import selectors
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--usher", default=str(HERE / "../../../../launcher/bin/usher"))
parser.add_argument("--rate", type=int, default=1000)
parser.add_argument("--seconds", type=int, default=60)
parser.add_argument("--limit", default="10/1s", help="the socket's rate-limit")
options = parser.parse_args()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def visit(port):
    """Milliseconds until the answer has ended."""
    began = time.perf_counter()
    with socket.socket() as client:
        client.settimeout(30)
        client.bind(("127.0.0.3", 0))
        client.connect(("127.0.0.1", port))
        answer = b""
        while more := client.recv(100):
            answer += more
    assert answer.startswith(b"hello"), answer
    return (time.perf_counter() - began) * 1000


def visits(port, seconds):
    times = []
    for second in range(seconds):
        times.append(visit(port))
        time.sleep(1)
    return times


def flood(port, rate, over, result):
    """So many connections a second, each left open until the other side ends it."""
    selector = selectors.DefaultSelector()
    seen = {"answered": 0, "reset": 0}
    began, opened = time.perf_counter(), 0
    while not over.is_set():
        while opened < (time.perf_counter() - began) * rate:
            opened += 1
            client = socket.socket()
            client.setblocking(False)
            client.bind(("127.0.0.2", 0))
            client.connect_ex(("127.0.0.1", port))
            selector.register(client, selectors.EVENT_READ)
        for key, _ in selector.select(0.001):
            try:
                text = key.fileobj.recv(100)
            except OSError:
                text, seen["reset"] = b"", seen["reset"] + 1
            if text:
                seen["answered"] += 1
            else:
                selector.unregister(key.fileobj)
                key.fileobj.close()
    result.put(dict(seen, opened=opened, seconds=time.perf_counter() - began))


work = pathlib.Path(tempfile.mkdtemp(prefix="usher-flood."))
port = free_port()
for file, text in {"service/run": "#!/bin/echo hello\n", "sockets/s/listen": f"127.0.0.1:{port}\n", "sockets/s/accept": "",
                   "sockets/s/rate-limit": options.limit + "\n"}.items():
    path = work / "bundles/s" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
(work / "bundles/s/service/run").chmod(0o755)
launcher = subprocess.Popen([options.usher, "--bundles", f"{work}/bundles", "--run-dir", f"{work}/run", "--log-dir",
                             f"{work}/log", "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
try:
    for _ in range(600):
        try:
            visit(port)
            break
        except ConnectionRefusedError:
            time.sleep(0.1)
    visits(port, 5)
    alone = visits(port, options.seconds)
    over, result = multiprocessing.Event(), multiprocessing.Queue()
    other = multiprocessing.Process(target=flood, args=(port, options.rate, over, result))
    other.start()
    time.sleep(2)
    beside = visits(port, options.seconds)
    over.set()
    seen = result.get()
    other.join()
    for name, times in ("alone", alone), ("beside the flood", beside):
        print(f"{name}: median {statistics.median(times):.2f} ms, worst {max(times):.2f}, {len(times)} visits")
    print(f"ratio of medians {statistics.median(beside) / statistics.median(alone):.2f};"
          f" flood: {seen['opened'] / seen['seconds']:.0f} a second, {seen['answered']} of {seen['opened']} answered,"
          f" {seen['reset']} reset")
finally:
    launcher.send_signal(signal.SIGTERM)
    launcher.wait(60)
    shutil.rmtree(work)
