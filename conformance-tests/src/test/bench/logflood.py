#!/usr/bin/env python3
"""One daemon writes lines as fast as its log takes them; another is started by each knock: what does the knock wait?

    logflood.py [--usher COMMAND] [--knocks 300] [--gap 0.04]

Each knock is timed from connect to the end of the answer: alone, beside a process that burns as much (the same writer,
into /dev/null: what sharing the processors costs by itself), and beside the writer whose lines go to its log."""
import argparse
import pathlib
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
parser.add_argument("--knocks", type=int, default=300)
parser.add_argument("--gap", type=float, default=0.04)
options = parser.parse_args()

WRITER = "exec yes 'a line of some forty bytes, as they are'"


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    if text.startswith("#!"):
        path.chmod(0o755)


def usher(*words):
    subprocess.run([options.usher, *places, *words], check=True, stdout=subprocess.DEVNULL)


def knock(port):
    began = time.perf_counter()
    with socket.create_connection(("127.0.0.1", port), 30) as client:
        while client.recv(100):
            pass
    return (time.perf_counter() - began) * 1000


def knocks(port):
    times = []
    for _ in range(options.knocks):
        times.append(knock(port))
        time.sleep(options.gap)
    return times


work = pathlib.Path(tempfile.mkdtemp(prefix="usher-logflood."))
places = ["--bundles", f"{work}/bundles", "--run-dir", f"{work}/run", "--log-dir", f"{work}/log"]
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
write(work / "bundles/lazy/service/run", "#!/usr/bin/perl\nuse Socket; open(my $l, '+<&=0');"
      " accept(my $c, $l); syswrite($c, \"hello\\n\");\n")
write(work / "bundles/lazy/sockets/s/listen", f"127.0.0.1:{port}\n")
write(work / "bundles/lazy/sockets/s/handover", "stdin\n")
write(work / "bundles/burner/service/run", f"#!/bin/sh\n{WRITER} > /dev/null\n")
write(work / "bundles/writer/service/run", f"#!/bin/sh\n{WRITER}\n")
for name in "burner", "writer":
    write(work / f"bundles/{name}/service/down", "")
launcher = subprocess.Popen([options.usher, *places, "run"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
try:
    launcher.stdout.readline()
    knocks(port)
    alone = knocks(port)
    usher("start", "burner")
    burning = knocks(port)
    usher("stop", "burner")
    usher("start", "writer")
    writing = knocks(port)
    usher("stop", "writer")
    for name, times in ("alone", alone), ("beside a burner", burning), ("beside the writer", writing):
        times.sort()
        print(f"{name}: median {statistics.median(times):.2f} ms, p90 {times[len(times) * 9 // 10]:.2f},"
              f" worst {times[-1]:.2f} ({len(times)} knocks)")
    print(f"ratio of medians to alone {statistics.median(writing) / statistics.median(alone):.2f},"
          f" to beside a burner {statistics.median(writing) / statistics.median(burning):.2f};"
          f" log: {sum(file.stat().st_size for file in (work / 'log/writer').iterdir()) / 1e6:.0f} MB kept")
finally:
    launcher.send_signal(signal.SIGTERM)
    launcher.wait(60)
    shutil.rmtree(work)
