#!/usr/bin/env python3
"""Scans a demo portal: its pages with wapiti, its API with schemathesis.

    run.py --program target/debug/causeway --tools target/scan-tools --report target/scan [--seconds 600]

`--tools` holds the virtual environments that `scripts/clients.sh scan` makes. What the tools find is compared with
`accepted.json`, which says of each accepted finding why. Fails on any other, and on accepted ones that are not found any more.
"""

import argparse
import http.client
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "clients"))
from run import start  # noqa: E402  the same way to start a demo as for the clients


def signed_in(base, user):
    """The session cookie of somebody who signs in as a browser does."""
    address = urllib.parse.urlsplit(base)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    body = urllib.parse.urlencode({"email": user["email"], "password": user["password"], "next": "/", "idempotency_key": "scan"})
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin", "Origin": base}
    connection.request("POST", "/sign-in", body, headers)
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 303, f"signing in was answered with {answer.status}"
    cookies = [value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"]
    return "; ".join(cookies)


def wapiti(tools, report, base, account, seconds):
    """Crawls and attacks one portal. Gives pairs of a kind of finding and where it was."""
    cookie = signed_in(base, account["users"][0])
    out = report / f"wapiti-{account['role']}.json"
    modules = "cookieflags,crlf,csp,csrf,exec,file,http_headers,methods,permanentxss,redirect,sql,ssl,ssrf,timesql,upload,xss,xxe"
    command = [
        tools / "wapiti/bin/wapiti", "--url", f"{base}/{account['id']}", "--scope", "domain", "--cookie-value", cookie,
        "--header", "Sec-Fetch-Site: same-origin", "--module", modules, "--exclude", f"{base}/sign-out", "--depth", "6",
        "--max-scan-time", str(seconds), "--max-attack-time", str(max(10, seconds // 8)), "--max-files-per-dir", "40",
        "--flush-session", "--no-bugreport", "--format", "json", "--output", out, "--verbose", "0",
        "--store-session", report / "wapiti-session", "--level", "1",
    ]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    told = json.loads(out.read_text(encoding="utf-8"))
    print(f"wapiti, {account['role']}: {told['infos'].get('crawled_pages_nbr')} pages crawled")
    groups = {**told.get("vulnerabilities", {}), **told.get("anomalies", {})}
    return [(kind, f"{found.get('method')} {found.get('path')}: {found.get('info')}") for kind, all in groups.items() for found in all]


def schemathesis(tools, report, base, account, examples):
    """Calls the API by its description. Gives pairs as above."""
    name = f"schemathesis-{account['role']}"
    command = [
        tools / "schemathesis/bin/st", "run", f"{base}/public/v1/openapi.json", "--header", f"Authorization:{account['api_key']}",
        "--phases", "examples,coverage,fuzzing", "--max-examples", str(examples), "--seed", "1", "--continue-on-failure", "--workers", "1",
        "--checks", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,ignored_auth",
        "--report", "junit", "--report-junit-path", report / f"{name}.xml", "--no-color",
    ]
    with open(report / f"{name}.txt", "w", encoding="utf-8") as out:
        # What it remembers from one run to the next goes where the reports are.
        status = subprocess.call([str(part) for part in command], stdout=out, stderr=subprocess.STDOUT, cwd=report)
    said = (report / f"{name}.txt").read_text(encoding="utf-8")
    print(f"schemathesis, {account['role']}: " + " ".join(said.strip().splitlines()[-1:]))
    if status == 0:
        return []
    return [("API", f"see {report / name}.txt")]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--program", required=True)
    options.add_argument("--tools", required=True, type=pathlib.Path)
    options.add_argument("--report", required=True, type=pathlib.Path)
    options.add_argument("--seconds", type=int, default=600, help="how long wapiti looks at one portal")
    options.add_argument("--examples", type=int, default=20, help="how many calls schemathesis makes of one operation")
    given = options.parse_args()
    given.report.mkdir(parents=True, exist_ok=True)
    given.report, given.tools = given.report.resolve(), given.tools.resolve()
    found = []
    with tempfile.TemporaryDirectory(prefix="causeway-scan-") as folder:
        process, base, said = start(given.program, folder, None)
        try:
            demo = json.loads(pathlib.Path(folder, "demo.json").read_text(encoding="utf-8"))
            first = {account["role"]: account for account in reversed(demo["accounts"])}
            for account in first.values():
                found += [("wapiti", *one) for one in wapiti(given.tools, given.report, base, account, given.seconds)]
                found += [("schemathesis", *one) for one in schemathesis(given.tools, given.report, base, account, given.examples)]
        finally:
            process.terminate()
            ended = process.wait()
    if any("panicked" in line for line in said) or ended != 0:
        sys.exit(f"the program ended with {ended}:\n{''.join(said[-50:])}")
    accepted = json.loads((HERE / "accepted.json").read_text(encoding="utf-8"))
    matches = lambda one, finding: one["tool"] == finding[0] and one["finding"] in f"{finding[1]} {finding[2]}"
    left = [finding for finding in found if not any(matches(one, finding) for one in accepted)]
    unused = [one for one in accepted if not any(matches(one, finding) for finding in found)]
    for finding in left:
        print("FOUND", *finding, sep=" | ")
    for one in unused:
        print("NOT FOUND ANY MORE: take it out of accepted.json:", one["finding"])
    print(f"scan: {len(found)} findings, {len(found) - len(left)} accepted, {len(left)} to look at")
    sys.exit(1 if left or unused else 0)


if __name__ == "__main__":
    main()
