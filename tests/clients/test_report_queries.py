"""The queries of the reports that come with the official command line, against the demo world: counted, then read whole."""

import unittest

from portal import DEMO, account, client

PAST, FUTURE = "2020-01-01T00:00:00+00:00", "2099-01-01T00:00:00+00:00"


class ReportQueries(unittest.TestCase):
    def setUp(self):
        self.client = client(account("distributor")["api_key"])
        self.product, self.marketplace = DEMO["products"][0]["id"], DEMO["marketplaces"][0]["id"]

    def rows(self, collection, query, page=500):
        """What a report reads: the number first, then all pages."""
        found = collection.filter(query) if query else collection.all()
        rows = list(found.limit(page))
        self.assertEqual(found.count(), len(rows))
        return rows

    def between(self, name):
        return f"ge({name},{PAST}),le({name},{FUTURE})"

    def test_fulfillment_requests(self):
        requests, where = self.client.requests, f"in(asset.product.id,({self.product}))"
        without = "select(-asset.items,-asset.params,-asset.configuration,-activation_key,-template)"
        states = "in(status,(tiers_setup,inquiring,pending,approved,failed))"
        query = f"and({self.between('created')},{where},in(type,(purchase,change)),{states},in(asset.marketplace.id,({self.marketplace})))"
        rows = self.rows(requests, f"{without}&{query}")
        self.assertGreater(len(rows), 3)
        for row in rows:
            self.assertEqual(row["asset"]["product"]["id"], self.product)
            self.assertTrue({"items", "params"}.isdisjoint(row["asset"]))
            # Reports read these without looking whether they are there.
            for part in ["connection", "tiers", "marketplace"]:
                self.assertIn(part, row["asset"])
        failed = self.rows(requests, f"and({self.between('created')},eq(status,failed))")
        self.assertTrue(failed and all(row["reason"] for row in failed))
        waiting = self.rows(requests, "eq(status,pending)&ordering(created)")
        self.assertEqual([row["created"] for row in waiting], sorted(row["created"] for row in waiting))
        small = self.rows(requests, f"and({self.between('created')})", page=7)
        self.assertEqual(len({row["id"] for row in small}), len(small))

    def test_listings_and_their_requests(self):
        listed = f"and({self.between('created')},in(product.id,({self.product})),in(state,(listed,unlisted)))&ordering(-created)"
        self.assertTrue(self.rows(self.client.listings, listed))
        asked = f"and({self.between('created')},in(listing.product.id,({self.product})),in(listing.contract.marketplace.id,({self.marketplace})))&ordering(-created)"
        self.assertTrue(self.rows(self.client.listing_requests, asked))

    def test_customers_contracts_products(self):
        accounts = self.client.ns("tier").accounts
        for kind in ["customer", "reseller"]:
            query = f"and({self.between('events.created.at')},eq(type,{kind}))&ordering(-events.created.at)"
            for row in self.rows(accounts, query, page=1000):
                self.assertEqual((row["type"], "contact" in row["contact_info"]), (kind, True))
        signed = self.rows(self.client.contracts, "select(agreement)&in(type,(program,distribution))&ordering(-status)")
        self.assertTrue(signed and all("agreement" in row for row in signed))
        self.assertTrue(self.rows(self.client.products, "ordering(name)"))
        self.assertTrue(self.rows(self.client.marketplaces, None))

    def test_usage_of_a_subscription(self):
        vendor = client(account("vendor")["api_key"])
        used = next(row["asset"]["id"] for row in vendor.ns("usage").records.filter(status="closed").limit(1))
        window = (
            f"(and(ge(start_date,{PAST}),lt(start_date,{FUTURE}))|and(ge(end_date,{PAST}),lt(end_date,{FUTURE})))"
        )
        rows = self.rows(vendor.ns("usage").records, f"eq(asset.id,{used}),in(status,(approved,closed)),{window}")
        self.assertTrue(rows and all(row["usagefile"]["id"].startswith("UF-") for row in rows))
