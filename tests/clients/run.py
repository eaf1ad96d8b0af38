#!/usr/bin/env python3
"""Starts a demo portal and runs the tests of the real clients against it.

    run.py --program target/debug/causeway --sdk target/clients/sdk --cli target/clients/cli [--postgres]
           [-- names of tests or -k WORD, as unittest takes them]

`--sdk` and `--cli` are the virtual environments that `scripts/clients.sh` makes. With `--postgres` the portal's database is
the one that TEST_DATABASE names (`scripts/with-postgres.sh` makes it), otherwise a SQLite file.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent


def start(program, folder, database):
    """Starts the demo and waits until it says where it serves. Gives the process and its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CAUSEWAY_")}
    environment |= {"CAUSEWAY_BIND": "127.0.0.1:0", "CAUSEWAY_DATA_DIR": folder}
    if database:
        environment["CAUSEWAY_DATABASE_URL"] = database
    process = subprocess.Popen(
        [program, "demo"],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    demo = pathlib.Path(folder, "demo.json")
    for line in process.stdout:
        said.append(line)
        if "http://" in line and demo.exists():
            # Read on, so that the program never waits for a full pipe.
            threading.Thread(target=lambda: said.extend(process.stdout), daemon=True).start()
            return process, json.loads(demo.read_text(encoding="utf-8"))["base_url"], said
    sys.exit(f"{program} demo ended ({process.wait()}) before it served:\n{''.join(said)}")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", required=True)
    options.add_argument("--sdk", required=True, type=pathlib.Path)
    options.add_argument("--cli", required=True, type=pathlib.Path)
    options.add_argument("--postgres", action="store_true")
    options.add_argument("tests", nargs="*")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="causeway-clients-") as folder:
        process, base, said = start(given.program, folder, os.environ["TEST_DATABASE"] if given.postgres else None)
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=60) as answer:
                assert answer.status == 200, answer.status
            environment = os.environ | {
                "CAUSEWAY_URL": base,
                "CAUSEWAY_DEMO": str(pathlib.Path(folder, "demo.json")),
                "CAUSEWAY_CCLI": str((given.cli / "bin/ccli").absolute()),
                "PYTHONDONTWRITEBYTECODE": "1",
            }
            which = ["-v", *given.tests] if given.tests else ["discover", "-v"]
            python = str((given.sdk / "bin/python").absolute())
            status = subprocess.call([python, "-m", "unittest", *which], cwd=HERE, env=environment)
        finally:
            process.terminate()
            ended = process.wait()
        if status != 0:
            print("The program said:", *said[-50:], sep="\n", file=sys.stderr)
        elif ended != 0:
            sys.exit(f"{given.program} demo ended with {ended} after SIGTERM")
        sys.exit(status)


if __name__ == "__main__":
    main()
