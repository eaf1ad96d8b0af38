"""What every Connect server must have, through the official Python client: who am I, counting, slices, filters, errors."""

import json
import unittest

import requests
from connect.client import ClientError, R

from portal import DEMO, ENDPOINT, AsyncClientTest, ClientTest, account, async_client, client, on_the_loop


class WhoAmI(ClientTest):
    def test_every_key_opens_its_own_account_first(self):
        for owner in DEMO["accounts"]:
            with self.subTest(owner["id"]):
                first = client(owner["api_key"]).accounts.all().first()
                self.assertEqual(first["id"], owner["id"])
                self.assertEqual(first["name"], owner["name"])

    def test_prefixes_tell_vendors_from_providers(self):
        for owner in DEMO["accounts"]:
            self.assertTrue(owner["id"].startswith("VA-" if owner["role"] == "vendor" else "PA-"), owner)

    def test_one_account(self):
        found = self.client.accounts[self.account["id"]].get()
        self.assertEqual(found["name"], self.account["name"])

    def test_existence(self):
        self.assertTrue(self.client.accounts[self.account["id"]].exists())
        self.assertFalse(self.client.accounts["VA-000-000"].exists())

    def test_another_company_is_not_found(self):
        other = account("distributor")["id"]
        with self.assertRaises(ClientError) as raised:
            self.client.accounts[other].get()
        self.assertEqual(raised.exception.status_code, 404)


class Lists(ClientTest):
    """On the vendor's requests, of which the demo world has many."""

    def rows(self, *orders):
        return [row["id"] for row in self.client.requests.all().order_by(*orders)]

    def test_count_agrees_with_the_rows(self):
        rows = self.rows("id")
        self.assertGreater(len(rows), 10)
        self.assertEqual(self.client.requests.all().count(), len(rows))
        self.assertEqual(len(set(rows)), len(rows))
        self.assertTrue(bool(self.client.requests.all()))

    def test_pages_give_all_rows(self):
        rows = self.rows("id")
        for limit in [1, 7, len(rows) - 1, len(rows)]:
            pages = [row["id"] for row in self.client.requests.all().order_by("id").limit(limit)]
            self.assertEqual(pages, rows, limit)

    def test_slices_and_indexes(self):
        rows = self.rows("id")
        requests = self.client.requests.all().order_by("id")
        for at in [0, 7, len(rows) - 1]:
            self.assertEqual(requests[at]["id"], rows[at])
        for first, last in [(0, 3), (5, 9), (len(rows) - 2, len(rows))]:
            self.assertEqual([row["id"] for row in requests[first:last]], rows[first:last])

    def test_parts_of_an_object_have_indexes_too(self):
        """Of short lists, which the server has whole."""
        modules = [row["id"] for row in self.client.collection("modules").all()]
        self.assertEqual(self.client.collection("modules").all()[7]["id"], modules[7])
        asset = self.client.requests.filter(asset__status="active").first()["asset"]["id"]
        chain = self.client.assets[asset].collection("requests")
        rows = [row["id"] for row in chain.all()]
        self.assertEqual(chain.all()[len(rows) - 1]["id"], rows[-1])
        self.assertEqual([row["id"] for row in chain.filter(id=rows[-1])], [rows[-1]])

    def test_select_takes_away(self):
        row = self.client.accounts.all().select("-name").first()
        self.assertEqual(row["id"], self.account["id"])
        self.assertNotIn("name", row)

    def test_order(self):
        for field, at in [("id", lambda row: row["id"]), ("created", lambda row: row["created"])]:
            rising = [at(row) for row in self.client.requests.all().order_by(field)]
            falling = [at(row) for row in self.client.requests.all().order_by("-" + field)]
            self.assertEqual(rising, sorted(rising), field)
            self.assertEqual(falling, rising[::-1], field)
            self.assertGreater(len(set(rising)), 1, field)


class Filters(ClientTest):
    def found(self, *arguments, **keywords):
        return [row["id"] for row in self.client.accounts.filter(*arguments, **keywords)]

    def test_what_matches_is_found(self):
        own, name = self.account["id"], self.account["name"]
        for query in [
            R().id.eq(own),
            R().id.oneof([own, "VA-000-000"]),
            R().name.ilike(f"*{name[:3].upper()}*"),
            R().id.eq("VA-000-000") | R().id.eq(own),
            R().id.eq(own) & ~R().id.eq("VA-000-000"),
            R().id.ne("VA-000-000"),
        ]:
            with self.subTest(str(query)):
                self.assertIn(own, self.found(query))

    def test_what_does_not_match_is_not_found(self):
        own = self.account["id"]
        for query in [
            R().id.eq("VA-000-000"),
            R().id.oneof(["VA-000-000"]),
            R().name.ilike("*zzzzzz*"),
            R().id.eq(own) & R().id.eq("VA-000-000"),
            R().id.ne(own),
            # Alone, the client would send a negated condition without its negation.
            R().id.ne("VA-000-000") & ~R().id.eq(own),
        ]:
            with self.subTest(str(query)):
                self.assertNotIn(own, self.found(query))

    def test_keywords(self):
        own = self.account["id"]
        self.assertEqual(self.found(id=own), [own])
        self.assertEqual(self.found(id__in=[own]), [own])

    def test_names_that_the_server_does_not_know_are_ignored(self):
        self.assertIn(self.account["id"], self.found(R().no_such_property.eq("x")))

    def test_an_empty_answer_counts_nothing(self):
        nothing = self.client.accounts.filter(id="VA-000-000")
        self.assertEqual(nothing.count(), 0)
        self.assertIsNone(nothing.first())
        self.assertEqual(list(nothing), [])


class Errors(ClientTest):
    def refusal(self, call):
        with self.assertRaises(ClientError) as raised:
            call()
        error = raised.exception
        self.assertTrue(error.error_code)
        self.assertTrue(error.errors)
        self.assertTrue(all(isinstance(line, str) for line in error.errors), error.errors)
        return error

    def test_a_wrong_key(self):
        for key in ["ApiKey SU-000-000-000:nothing", "ApiKey ", "nonsense"]:
            with self.subTest(key):
                error = self.refusal(lambda key=key: client(key).accounts.all().first())
                self.assertEqual(error.status_code, 401)
                self.assertEqual(error.error_code, "AUTH_001")

    def test_an_unknown_collection(self):
        error = self.refusal(lambda: self.client.collection("no-such-things").all().first())
        self.assertEqual(error.status_code, 404)

    def test_a_query_that_cannot_be_read(self):
        error = self.refusal(lambda: self.client.accounts.filter("eq(id,").first())
        self.assertEqual(error.status_code, 400)


class Wire(unittest.TestCase):
    """Headers and bodies that the client depends on without showing them."""

    def get(self, path, key=None):
        return requests.get(f"{ENDPOINT}/{path}", headers={"Authorization": key or account("vendor")["api_key"]}, timeout=60)

    def test_every_list_says_its_range(self):
        self.assertEqual(self.get("accounts?limit=1&offset=0").headers["Content-Range"], "items 0-0/1")
        self.assertEqual(self.get("accounts?limit=0&offset=0").headers["Content-Range"], "items 0-0/1")
        self.assertEqual(self.get("accounts?eq(id,VA-000-000)").headers["Content-Range"], "items 0-0/0")

    def test_json_is_announced_without_parameters(self):
        for path in ["accounts", "accounts/VA-000-000", "no-such-things"]:
            answer = self.get(path)
            self.assertEqual(answer.headers["Content-Type"], "application/json", path)
            json.loads(answer.text)

    def test_an_error_has_the_two_keys(self):
        for answer in [self.get("accounts", "nonsense"), self.get("accounts/VA-000-000"), self.get("accounts?eq(id,")]:
            body = answer.json()
            self.assertLessEqual({"error_code", "errors"}, set(body))
            self.assertNotIn("status_code", body)

    def test_a_slash_at_the_end_changes_nothing(self):
        answer = self.get("accounts/")
        self.assertEqual((answer.status_code, answer.history), (200, []))

    def test_the_version_is_named(self):
        self.assertRegex(self.get("accounts").headers["Connect-Version"], r"^\d+\.\d+")


class Asynchronously(AsyncClientTest):
    @on_the_loop
    async def test_who_am_i(self):
        first = await self.client.accounts.all().first()
        self.assertEqual(first["id"], self.account["id"])
        one = await self.client.accounts[self.account["id"]].get()
        self.assertEqual(one["name"], self.account["name"])

    @on_the_loop
    async def test_lists(self):
        accounts = self.client.accounts.all()
        rows = [row["id"] async for row in accounts.limit(1)]
        self.assertEqual(await self.client.accounts.all().count(), len(rows))
        self.assertEqual(rows[0], self.account["id"])
        self.assertEqual([row["id"] async for row in self.client.accounts.all()[0:1]], rows[:1])

    @on_the_loop
    async def test_filters(self):
        found = [row["id"] async for row in self.client.accounts.filter(R().id.eq(self.account["id"]))]
        self.assertEqual(found, [self.account["id"]])
        self.assertEqual(await self.client.accounts.filter(R().name.ilike("*zzzzzz*")).count(), 0)

    @on_the_loop
    async def test_errors(self):
        with self.assertRaises(ClientError) as raised:
            await self.client.accounts["VA-000-000"].get()
        self.assertEqual(raised.exception.status_code, 404)
        with self.assertRaises(ClientError) as raised:
            await async_client("ApiKey SU-000-000-000:nothing").accounts.all().first()
        self.assertEqual((raised.exception.status_code, raised.exception.error_code), (401, "AUTH_001"))
