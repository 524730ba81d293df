#!/usr/bin/env python3
"""What writing logs costs: usher's default log beside multilog (daemontools) and svlogd (runit), in one run.

Each writer in turn gets the same lines from `cat FILE` and keeps them with the same sizes, rounds interleaved. The time
is from the start of cat to the moment when the last line stands in the log. Afterwards the lines are counted.

    logs.py [--lines 1000000] [--rounds 5] [--size 100] [--dir DIR]
"""
import argparse, os, pathlib, shutil, statistics, subprocess, tempfile, time

USHER = pathlib.Path(__file__).resolve().parents[4] / "launcher/bin/usher"
FILE_SIZE, FILES = 16_000_000, 1_000


def last_line_written(log, deadline):
    current = log / "current"
    while time.monotonic() < deadline:
        try:
            with open(current, "rb") as file:
                file.seek(max(0, os.fstat(file.fileno()).st_size - 200))
                if b" END\n" in file.read():
                    return time.monotonic()
        except FileNotFoundError:
            pass
        time.sleep(0.002)
    raise SystemExit(f"{log}: the last line did not come")


def lines_in(log):
    count = 0
    for file in log.iterdir():
        if file.name == "current" or file.name.startswith("@"):
            with open(file, "rb") as text:
                count += sum(block.count(b"\n") for block in iter(lambda: text.read(1 << 20), b""))
    return count


def peer(command, text, log):
    log.mkdir(parents=True)
    if command[0] == "svlogd":
        (log / "config").write_text(f"s{FILE_SIZE}\nn{FILES}\n")
    reader, writer = os.pipe()
    process = subprocess.Popen(command + [str(log)], stdin=reader, stderr=subprocess.DEVNULL)
    os.close(reader)
    begun = time.monotonic()
    subprocess.run(["cat", str(text)], stdout=writer, check=True)
    ended = last_line_written(log, begun + 600)
    os.close(writer)
    process.wait()
    return ended - begun


def usher(text, home, log):
    service = home / "bundles/flood/service"
    service.mkdir(parents=True, exist_ok=True)
    (service / "run").write_text(f"#!/bin/sh\ncat {text}\nexec sleep 100000\n")
    (service / "run").chmod(0o755)
    (service / "down").touch()
    (service / "log-size").write_text(str(FILE_SIZE))
    (service / "log-count").write_text(str(FILES))
    target = home / "bundles/default"
    target.mkdir(exist_ok=True)
    options = ["--bundles", str(home / "bundles"), "--run-dir", str(home / "run"), "--log-dir", str(log)]
    launcher = subprocess.Popen([USHER, *options, "run"], stdout=subprocess.PIPE, text=True)
    launcher.stdout.readline()
    begun = time.monotonic()
    subprocess.run([USHER, *options, "start", "--no-wait", "flood"], check=True, stdout=subprocess.DEVNULL)
    ended = last_line_written(log / "flood", begun + 600)
    launcher.terminate()
    launcher.wait()
    return ended - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--size", type=int, default=100, help="bytes of a line")
    parser.add_argument("--dir", default=tempfile.gettempdir(), help="on the file system to be measured")
    arguments = parser.parse_args()
    home = pathlib.Path(tempfile.mkdtemp(prefix="usher-bench-logs-", dir=arguments.dir))
    text = home / "text"
    with open(text, "w") as file:
        for i in range(arguments.lines - 1):
            file.write(f"{i:09d} ".ljust(arguments.size - 1, "x") + "\n")
        file.write("the END\n")
    writers = {"usher": lambda log: usher(text, home, log)}
    for name, command in (("multilog", ["multilog", "t", f"s{FILE_SIZE}", f"n{FILES}"]), ("svlogd", ["svlogd", "-tt"])):
        if shutil.which(name):
            writers[name] = lambda log, command=command: peer(command, text, log)
    times = {name: [] for name in writers}
    for _ in range(arguments.rounds):
        for name, writer in writers.items():
            log = home / ("log-" + name)
            times[name].append(writer(log))
            found = lines_in(log / "flood" if name == "usher" else log)
            if found != arguments.lines:
                print(f"{name}: {found} lines of {arguments.lines}")
            shutil.rmtree(log)
            shutil.rmtree(home / "run", ignore_errors=True)
    size = text.stat().st_size
    print("| | s | MB/s | lines/s |\n|---|---|---|---|")
    for name, seconds in times.items():
        middle = statistics.median(seconds)
        print(f"| {name} | {middle:.2f} | {size / middle / 1e6:.0f} | {arguments.lines / middle:,.0f} |")
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
