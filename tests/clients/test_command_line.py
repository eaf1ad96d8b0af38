"""The official command line, as somebody uses it for the first time."""

import os
import subprocess
import tempfile
import unittest

from portal import DEMO, ENDPOINT


class CommandLine(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def ccli(self, *arguments):
        """Runs a command with a configuration of this test; returns what it says. It ends with 0 even when refused."""
        environment = {**os.environ, "HOME": self.folder.name, "COLUMNS": "200"}
        done = subprocess.run(
            [os.environ["CAUSEWAY_CCLI"], "-c", self.folder.name, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stdout)
        return done.stdout

    def test_accounts_are_added_and_listed(self):
        for account in DEMO["accounts"]:
            self.assertIn(account["id"], self.ccli("account", "add", account["api_key"], "-e", ENDPOINT))
        listed = self.ccli("account", "list")
        for account in DEMO["accounts"]:
            self.assertIn(account["id"], listed)
            self.assertIn(account["name"], listed)

    def test_a_wrong_key_is_told(self):
        said = self.ccli("account", "add", "ApiKey SU-000-000-000:nothing", "-e", ENDPOINT)
        self.assertIn("Unauthorized", said)
