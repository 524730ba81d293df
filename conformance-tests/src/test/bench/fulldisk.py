#!/usr/bin/env python3
"""Whether every line is accounted for when the disk of the log fills up again and again, files being rotated meanwhile.

A daemon prints numbered lines as fast as it can; the log lies on a file system of its own (tmpfs, in a mount namespace: root
only) which somebody else fills to the last byte and empties again, several times. Then the log is read: numbers only grow,
and each gap has the line that says how many lines and bytes are missing just there.

    fulldisk.py [--lines 10000000] [--fills 8]
"""
import argparse, os, pathlib, re, shutil, subprocess, sys, tempfile, time

USHER = pathlib.Path(__file__).resolve().parents[4] / "launcher/bin/usher"
SIZE, STAMPED = 100, 126
LOST = re.compile(rb"usher: (\d+) lines? \((\d+) bytes\) could not be written here and (?:is|are) lost$")


def written(log):
    return sum(file.stat().st_size for file in log.iterdir()) if log.exists() else 0


def fill(disk, seconds):
    """Leaves not a byte for a while; says how much that took."""
    file = os.open(disk / "filler", os.O_CREAT | os.O_WRONLY)
    took, block, end = 0, b"x" * (1 << 20), time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            took += os.write(file, block)
        except OSError:
            time.sleep(0.005)
    os.close(file)
    os.unlink(disk / "filler")
    return took


def account(log, lines):
    files = sorted((file for file in log.iterdir() if file.name.startswith("@")), key=lambda file: file.name)
    expected = found = lost = gaps = 0
    for file in files + [log / "current"]:
        with open(file, "rb") as text:
            for line in text:
                if not line.endswith(b"\n"):
                    raise SystemExit(f"{file}: torn: {line!r}")
                words = line[:-1].split(b" ", 1)[1]
                told = LOST.match(words)
                if told:
                    count, size = int(told[1]), int(told[2])
                    if size != count * SIZE:
                        raise SystemExit(f"{file}: {words!r}, but lines have {SIZE} bytes")
                    expected, lost, gaps = expected + count, lost + count, gaps + 1
                elif words[:9].isdigit():
                    if int(words[:9]) != expected:
                        raise SystemExit(f"{file}: line {int(words[:9])} where {expected} should be")
                    expected, found = expected + 1, found + 1
    if expected != lines:
        raise SystemExit(f"the log ends with {expected} of {lines}")
    print(f"{lines:,} lines: {found:,} in {len(files) + 1} files, {lost:,} lost and counted at {gaps} places; none torn, doubled,"
          " or missing without a word")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--fills", type=int, default=8)
    arguments = parser.parse_args()
    if not os.environ.get("FULLDISK"):
        os.execvpe("unshare", ["unshare", "--mount", sys.executable, *sys.argv], dict(os.environ, FULLDISK="1"))
    home = pathlib.Path(tempfile.mkdtemp(prefix="usher-fulldisk-"))
    disk = home / "disk"
    service = home / "bundles/flood/service"
    for directory in (disk, service, home / "bundles/default"):
        directory.mkdir(parents=True)
    whole = arguments.lines * STAMPED
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={whole + (256 << 20)}", "none", disk], check=True)
    with open(home / "text", "w") as text:
        for i in range(arguments.lines):
            text.write(f"{i:09d} ".ljust(SIZE - 1, "x") + "\n")
    (service / "run").write_text(f"#!/bin/sh\ncat {home}/text\nexec sleep 100000\n")
    (service / "run").chmod(0o755)
    for name, value in (("down", ""), ("log-size", "16000000"), ("log-count", "1000")):
        (service / name).write_text(value)
    options = ["--bundles", home / "bundles", "--run-dir", home / "run", "--log-dir", disk / "log"]
    launcher = subprocess.Popen([USHER, *options, "run"], stdout=subprocess.PIPE, text=True)
    launcher.stdout.readline()
    log = disk / "log/flood"
    begun = time.monotonic()
    subprocess.run([USHER, *options, "start", "--no-wait", "flood"], check=True, stdout=subprocess.DEVNULL)
    for turn in range(arguments.fills):
        before, since = written(log), time.monotonic()
        while written(log) < before + whole / (4 * arguments.fills) and time.monotonic() < since + 5:
            time.sleep(0.005)
        if time.monotonic() >= since + 5:
            break  # what is lost, is lost quickly: the daemon has nothing more to say
        print(f"at {written(log) >> 20} MiB: filled with {fill(disk, 0.3) >> 20} MiB for 0.3 s", flush=True)
    last, still = -1, 0
    while still < 10:  # two seconds without a change: all is written
        now = written(log)
        last, still = now, still + 1 if now == last else 0
        time.sleep(0.2)
    print(f"{time.monotonic() - begun:.0f} s")
    launcher.terminate()
    launcher.wait()
    account(log, arguments.lines)
    subprocess.run(["umount", disk], check=True)
    shutil.rmtree(home)


if __name__ == "__main__":
    main()
