"""The official command line, as somebody uses it for the first time."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import openpyxl

from portal import DEMO, ENDPOINT, account, client


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

    def test_products_are_listed(self):
        # Vendors see what is their own, distributors what is listed with them.
        for role, seen_by in [("vendor", "owner"), ("distributor", "listing")]:
            owner = account(role)
            self.ccli("account", "add", owner["api_key"], "-e", ENDPOINT)
            self.ccli("account", "activate", owner["id"])
            listed = self.ccli("product", "list")
            seen = client(owner["api_key"]).products.filter(**{f"visibility__{seen_by}": True})
            self.assertGreaterEqual(seen.count(), 4)
            for product in seen:
                self.assertIn(product["id"], listed)

    def test_customers_are_exported(self):
        owner = account("distributor")
        self.ccli("account", "add", owner["api_key"], "-e", ENDPOINT)
        self.ccli("customer", "export", "-p", self.folder.name, "-o", "customers.xlsx")
        book = pathlib.Path(self.folder.name, owner["id"], "customers.xlsx")
        sheet = openpyxl.load_workbook(book)["Customers"]
        exported = {row[0] for row in sheet.iter_rows(min_row=2, values_only=True) if row[0]}
        self.assertEqual(exported, {row["id"] for row in client(owner["api_key"]).ns("tier").accounts.all()})

    def test_customers_are_changed_by_a_workbook(self):
        owner = account("distributor")
        self.ccli("account", "add", owner["api_key"], "-e", ENDPOINT)
        self.ccli("customer", "export", "-p", self.folder.name, "-o", "customers.xlsx")
        path = pathlib.Path(self.folder.name, owner["id"], "customers.xlsx")
        book = openpyxl.load_workbook(path)
        sheet = book["Customers"]
        columns = {cell.value: cell.column for cell in sheet[1]}
        rows = range(2, sheet.max_row + 1)
        row = next(n for n in rows if sheet.cell(n, columns["City"]).value)
        # The command asks for what an entry of the directory need not have.
        needed = {
            "Address Line 1": "Kade 1",
            "State": "Friesland",
            "Zip": "8713",
            "Technical Contact First Name": "Ina",
            "Technical Contact Last Name": "Vos",
        }
        for name, value in needed.items():
            cell = sheet.cell(row, columns[name])
            cell.value = cell.value or value
        # The command refuses rows with the dash that it has itself written for "no hub".
        for name, value in [("Hub ID", None), ("Action", "update"), ("City", "Hindeloopen")]:
            sheet.cell(row, columns[name]).value = value
        book.save(path)
        said = self.ccli("customer", "sync", str(path))
        changed = client(owner["api_key"]).ns("tier").accounts[sheet.cell(row, 1).value].get()
        self.assertEqual(changed["contact_info"]["city"], "Hindeloopen", said)
