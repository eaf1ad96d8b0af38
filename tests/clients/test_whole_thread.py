"""The whole thread of business through the official Python client: from a hub to closed usage, between three companies."""

import datetime
import io
import json
import secrets
import time
import unittest

import openpyxl
import requests

from portal import BASE, DEMO, account, client
from portal_pages import Portal

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c63f8cfc0f01f"
    "00050001ff56c72f0d0000000049454e44ae426082".replace(" ", "")
)
# Everything the thread makes carries it, so that it can be walked again on the same portal.
MARK = f"Thread {secrets.token_hex(3)}"
MAY = ("2026-05-01 00:00:00", "2026-05-31 23:59:59")
COLUMNS = [
    "record_id",
    "item_search_criteria",
    "item_search_value",
    "quantity",
    "start_time_utc",
    "end_time_utc",
    "asset_search_criteria",
    "asset_search_value",
]


def workbook(rows, columns=COLUMNS):
    """A workbook as people make one: numbers are numbers, times are times."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "records"
    sheet.append(columns)
    for row in rows:
        sheet.append(row)
    book.create_sheet("categories").append(["category_id", "category_name", "category_description"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


class WholeThread(unittest.TestCase):
    """One test, because each part stands on the one before it."""

    def test_from_a_hub_to_closed_usage(self):
        owner = account("distributor")
        self.seller = client(owner["api_key"])
        self.person = owner["users"][0]
        self.companies()
        for schema in ["QT", "PR"]:
            with self.subTest(schema):
                product = self.product(schema)
                self.listed(product)
                connection = self.connected(product)
                asset = self.ordered(product, connection, schema)
                self.reported(product, asset, schema)

    # ---- companies and contracts ----

    def companies(self):
        self.hub = self.seller.hubs.create(
            payload={"name": f"{MARK} hub", "description": "Of the test", "instance": {"id": MARK, "type": "API"}}
        )["id"]
        self.assertTrue(self.seller.hubs[self.hub].exists())
        self.marketplace = self.seller.marketplaces.create(
            payload={
                "name": f"{MARK} market",
                "description": "Of the test",
                "currency": "EUR",
                "countries": [{"id": "DE"}, {"id": "AT"}],
                "hubs": [{"hub": {"id": self.hub}, "external_id": MARK}],
            }
        )["id"]
        hubs = self.seller.marketplaces[self.marketplace].get()["hubs"]
        self.assertEqual([entry["hub"]["id"] for entry in hubs], [self.hub])
        terms = {"description": "Terms of the test", "document_type": "none", "active": True}
        program = self.seller.agreements.create(payload={"type": "program", "title": f"{MARK} program", **terms})
        service = self.seller.agreements.create(payload={"type": "service", "title": f"{MARK} service", **terms})
        distribution = self.seller.agreements[program["id"]].agreements.create(
            payload={
                "type": "distribution",
                "title": f"{MARK} distribution",
                "marketplace": {"id": self.marketplace},
                **terms,
            }
        )
        vendor, contract = self.partner(program["id"], f"{MARK} Software")
        self.assertTrue(vendor["id"].startswith("VA-"))
        self.maker = client(Portal(self.person).token(vendor["id"], MARK))
        self.assertEqual(self.maker.accounts.all().first()["id"], vendor["id"])
        self.assertEqual(self.maker.contracts[contract].get()["status"], "active")
        self.reseller, contract = self.partner(service["id"], f"{MARK} Resale")
        self.assertEqual(self.seller.contracts[contract].get()["status"], "active")

        enrolled = self.maker.agreements[distribution["id"]].contracts.create(payload={})
        self.contract = enrolled["id"]
        self.assertEqual(self.maker.contracts[self.contract].get()["status"], "pending")
        self.seller.contracts[self.contract]("sign").post()
        found = self.maker.contracts.filter(type="distribution", status="active")
        self.assertEqual([row["id"] for row in found], [self.contract])

    def partner(self, agreement, name):
        """Offers a contract and accepts it with its code, as scripts of distributors do."""
        offer = self.seller.agreements[agreement].contracts.create(
            payload={"activation": {"message": "Welcome"}, "partner": {"name": name}}
        )
        self.assertEqual(offer["status"], "pending")
        code = offer["activation"]["code"]
        opened = self.seller.create(
            f"accounts?code={code}",
            payload={
                "id": offer["partner"]["id"],
                "name": name,
                "contract_id": offer["id"],
                "code": code,
                "users": [{"id": self.person["id"]}],
            },
        )
        self.assertEqual(opened["id"], offer["partner"]["id"])
        return opened, offer["id"]

    # ---- the product ----

    def product(self, schema):
        category = self.maker.categories.filter(name="Backup and Disaster Recovery").first()
        product = self.maker.products.create(payload={"name": f"{MARK} {schema}", "category": {"id": category["id"]}})
        own = self.maker.products[product["id"]]
        changed = own.update(
            payload={
                "short_description": "Short",
                "detailed_description": "# Long",
                "capabilities": {"ppu": {"schema": schema}},
            }
        )
        self.assertEqual(changed["capabilities"]["ppu"]["schema"], schema)
        units = {unit["id"]: unit for unit in self.maker.ns("settings").units.all()}
        self.assertEqual((units["licenses"]["type"], units["unith"]["type"]), ("reservation", "ppu"))
        seat = {"mpn": "SEAT", "name": "Seats", "description": "One for each", "type": "reservation", "precision": "integer"}
        used = {"mpn": "GB", "name": "Traffic", "description": "As used", "type": "ppu", "precision": "decimal(4)"}
        shown = {"ui": {"visibility": True}}
        own.items.create(payload={**seat, **shown, "unit": {"id": "licenses"}, "period": "monthly"})
        own.items.create(payload={**used, **shown, "unit": {"id": "unith"}, "period": "monthly"})
        self.assertEqual([item["mpn"] for item in own.items.all().order_by("mpn")], ["GB", "SEAT"])
        for name, phase, kind in [("admin_email", "ordering", "email"), ("tenant_id", "fulfillment", "text")]:
            made = own.parameters.create(
                payload={
                    "name": name,
                    "title": name.title(),
                    "description": "Of the test",
                    "phase": phase,
                    "scope": "asset",
                    "type": kind,
                    "constraints": {"required": True, "unique": False, "hidden": False},
                }
            )
            self.assertEqual(made["name"], name)
        self.assertEqual(own.parameters.filter(phase="ordering").count(), 1)
        self.template = own.templates.create(
            payload={
                "title": "Ready",
                "name": "Ready",
                "body": "# Ready\n\nYour tenant is {{ tenant_id }}.",
                "scope": "asset",
                "type": "fulfillment",
            }
        )["id"]
        medium = own.media.create(
            files={
                "body": (None, json.dumps({"position": "1", "type": "image"}), "application/json"),
                "thumbnail": ("main.png", PNG, "image/png"),
            }
        )
        picture = requests.get(BASE + medium["thumbnail"], timeout=60)
        self.assertEqual((picture.status_code, picture.content), (200, PNG))
        version = own.versions.create(payload={"changes_description": "First", "public": True})
        self.assertEqual(version["version"], 1)
        self.assertEqual(own.get()["status"], "published")
        return product["id"]

    def listed(self, product):
        request = self.maker.listing_requests.create(
            payload={"type": "new", "product_id": product, "contract_id": self.contract, "note": "Please"}
        )["id"]
        self.maker.listing_requests[request]("submit").post()
        self.assertEqual(self.seller.listing_requests.filter(state="reviewing", id=request).count(), 1)
        self.seller.listing_requests[request]("deploy").post()
        self.seller.listing_requests[request]("complete").post()
        listing = self.seller.listings.filter(product__id=product, status="listed").first()
        self.assertEqual(listing["contract"]["marketplace"]["id"], self.marketplace)

    def connected(self, product):
        made = self.seller.products[product].connections.create(
            payload={"hub": {"id": self.hub}, "type": "production", "product_version_type": "public"}
        )
        self.assertEqual(made["status"], "active")
        return made["id"]

    # ---- the order ----

    def tier_account(self, kind, name, parent=None):
        accounts = self.seller.ns("tier").accounts
        found = accounts.filter(external_id=name).first()
        if found:
            return found["id"]
        made = accounts.create(
            payload={
                "type": kind,
                "name": name,
                "external_id": name,
                **({"parent": {"id": parent}} if parent else {}),
                "contact_info": {
                    "address_line1": "Auenstraße 12",
                    "city": "Lindau",
                    "postal_code": "88131",
                    "country": "DE",
                    "contact": {"first_name": "Eva", "last_name": "Kern", "email": "eva@lindau.example"},
                },
            }
        )
        return made["id"]

    def ordered(self, product, connection, schema):
        reseller = self.tier_account("reseller", f"{MARK} dealer")
        customer = self.tier_account("customer", f"{MARK} Stadtwerke", reseller)
        wrong = {"id": "admin_email", "value": "eva@lindua.example"}
        request = self.seller.requests.create(
            payload={
                "type": "purchase",
                "marketplace": {"id": self.marketplace},
                "asset": {
                    "product": {"id": product},
                    "connection": {"id": connection},
                    "external_id": f"{MARK} {schema}",
                    "external_uid": f"{MARK} {schema}",
                    "items": [{"id": "SEAT", "quantity": "5"}, {"id": "GB"}],
                    "params": [wrong],
                    "tiers": {"customer": {"id": customer}, "tier1": {"id": reseller}},
                },
            }
        )
        number, asset = request["id"], request["asset"]["id"]
        self.assertEqual((request["status"], request["asset"]["status"]), ("pending", "processing"))
        queue = self.maker.requests.filter(status__in=["pending", "inquiring"], asset__product__id=product)
        self.assertEqual([row["id"] for row in queue.order_by("created")], [number])

        theirs = self.maker.requests[number]
        theirs.update(payload={"asset": {"params": [{**wrong, "value_error": "Is “lindau” meant?"}]}})
        theirs("inquire").post(payload={})
        asked = self.seller.requests[number].get()
        self.assertEqual((asked["status"], self.param(asked, "admin_email")["value_error"]), ("inquiring", "Is “lindau” meant?"))
        right = {"id": "admin_email", "value": "eva@lindau.example"}
        self.seller.requests[number]("pend").post(payload={"asset": {"params": [right]}})
        back = theirs.get()
        self.assertEqual((back["status"], self.param(back, "admin_email")["value"]), ("pending", "eva@lindau.example"))
        theirs.update(payload={"asset": {"params": [{"id": "tenant_id", "value": f"tenant-{schema}"}]}})
        theirs("approve").post(payload={"template_id": self.template})

        active = self.seller.assets[asset].get()
        self.assertEqual((active["status"], active["tiers"]["customer"]["id"]), ("active", customer))
        quantities = {item["mpn"]: item["quantity"] for item in active["items"]}
        self.assertEqual(quantities["SEAT"], "5")
        self.assertIn(f"tenant-{schema}", self.seller.assets[asset]("render").get().decode())
        self.assertEqual(self.maker.assets.filter(status="active", product__id=product).count(), 1)
        self.assertEqual([row["id"] for row in self.seller.assets[asset].requests.all()], [number])
        return asset

    @staticmethod
    def param(request, name):
        return next(param for param in request["asset"]["params"] if param["id"] == name)

    # ---- the usage ----

    def reported(self, product, asset, schema):
        usage, money = self.maker.ns("usage"), schema != "QT"
        made = usage.files.create(
            payload={
                "name": f"{MARK} {schema}",
                "product": {"id": product},
                "contract": {"id": self.contract},
                "description": "May",
                "period": {"from": "2026-05-01", "to": "2026-05-31"},
                **({"currency": "EUR"} if money else {}),
            }
        )
        file = made["id"]
        self.assertEqual((made["status"], made["schema"]), ("draft", schema.lower()))
        link = usage.products[product]("template").get()["template_link"]
        template = openpyxl.load_workbook(io.BytesIO(requests.get(link, timeout=60).content))
        columns = [cell.value for cell in template["records"][1]]
        self.assertLessEqual(set(COLUMNS), set(columns))
        self.assertEqual("amount" in columns, money)

        times = [datetime.datetime.fromisoformat(moment) for moment in MAY]

        def rows(mpn):
            for number in range(3):
                row = [f"{MARK}-{schema}-{number}", "item.mpn", mpn, 1.25 + number, *times, "asset.id", asset]
                yield row + ([12.5] if money else [])

        def upload(mpn):
            columns = COLUMNS + (["amount"] if money else [])
            book = workbook(rows(mpn), columns)
            usage.files[file]("upload").post(files={"usage_file": ("May usage.xlsx", book)})
            return self.processed(usage, file)

        bad = upload("NO-SUCH")
        self.assertEqual((bad["status"], bad["records"]["invalid"]), ("invalid", 3))
        told = openpyxl.load_workbook(io.BytesIO(requests.get(bad["processed_file_uri"], timeout=60).content))["records"]
        header = [cell.value for cell in told[1]]
        self.assertIn("USG_011", told.cell(2, header.index("errors") + 1).value)
        good = upload("GB")
        self.assertEqual((good["status"], good["records"]["valid"]), ("ready", 3))
        self.assertFalse(self.seller.ns("usage").files[file].exists())
        usage.files[file]("submit").post()

        theirs = self.seller.ns("usage")
        self.assertEqual(theirs.files[file].get()["status"], "pending")
        theirs.files[file]("accept").post(payload={"acceptance_note": "Good"})
        records = list(theirs.records.filter(usagefile__id=file, status="approved").limit(2))
        self.assertEqual(sorted(float(record["usage"]) for record in records), [1.25, 2.25, 3.25])
        if money:
            self.assertEqual([float(record["amount"]) for record in records], [12.5] * 3)
        theirs.records[records[0]["id"]]("close").post(payload={"external_billing_id": "INV-1"})
        closed = self.seller.create(
            "usage/records/close-records",
            payload=[{"id": record["id"], "external_billing_id": "INV-1"} for record in records[1:]],
        )
        self.assertEqual([answer["status"] for answer in closed], ["closed", "closed"])
        self.assertEqual(usage.files[file].get()["status"], "closed")

    def processed(self, usage, file):
        """Waits until the rows are checked and, if any is bad, the workbook that says so is there."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            seen = usage.files[file].get()
            if seen["status"] == "ready" or (seen["status"] == "invalid" and seen.get("processed_file_uri")):
                return seen
            time.sleep(0.1)
        self.fail(f"the file is still {seen['status']}")


class DemoWorld(unittest.TestCase):
    """What `demo.json` promises is there, for whom it says."""

    def test_everything_that_demo_json_names(self):
        keys = {owner["id"]: owner["api_key"] for owner in DEMO["accounts"]}
        for kind in ["marketplaces", "hubs", "products"]:
            for entry in DEMO[kind]:
                self.assertTrue(client(keys[entry["owner"]]).collection(kind)[entry["id"]].exists(), entry)
        self.assertLessEqual({"ppu", "reservation", "onetime"}, {entry["capability"] for entry in DEMO["products"]})
        vendors = [client(owner["api_key"]) for owner in DEMO["accounts"] if owner["role"] == "vendor"]
        seen = {row["id"]: row for vendor in vendors for row in vendor.assets.all()}
        # What a reseller has only drafted is not the vendor's to see.
        self.assertGreaterEqual(len(set(DEMO["subscriptions"]) & set(seen)), 30)
        self.assertLessEqual(
            {"active", "suspended", "terminating", "terminated", "processing"}, {row["status"] for row in seen.values()}
        )
        files = {row["id"]: row for vendor in vendors for row in vendor.ns("usage").files.all()}
        self.assertEqual(set(DEMO["usage_files"]), set(files))
        self.assertLessEqual(
            {"draft", "invalid", "ready", "pending", "rejected", "accepted", "closed"},
            {row["status"] for row in files.values()},
        )
        requests_ = {row["status"] for vendor in vendors for row in vendor.requests.all()}
        self.assertLessEqual({"pending", "inquiring", "approved", "failed", "scheduled"}, requests_)

    def test_one_person_works_in_two_companies(self):
        people = [user["id"] for owner in DEMO["accounts"] for user in owner["users"]]
        self.assertLess(len(set(people)), len(people))
