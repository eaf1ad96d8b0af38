"""Pages of the portal, for the few things that only people do: signing in, making a token for a new company."""

import html.parser
import re
import unittest
import urllib.parse

import requests

from portal import BASE


class Form(html.parser.HTMLParser):
    """The forms of a page: where each goes, what it holds, what its buttons say."""

    def __init__(self, page):
        super().__init__()
        self.forms, self.button = [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "values": [], "boxes": [], "buttons": ""})
        elif self.forms and tag == "button":
            self.button = self.forms[-1]
        elif self.forms and tag == "input" and attributes.get("name"):
            pair = (attributes["name"], attributes.get("value") or "")
            boxes = attributes.get("type") in ("checkbox", "radio")
            self.forms[-1]["boxes" if boxes and "checked" not in attributes else "values"].append(pair)

    def handle_endtag(self, tag):
        if tag == "button":
            self.button = None

    def handle_data(self, data):
        if self.button is not None:
            self.button["buttons"] += data


class Portal:
    """A person who has signed in."""

    def __init__(self, person):
        self.session = requests.Session()
        self.session.headers["Origin"] = BASE
        self.send("/sign-in", "Sign in", email=person["email"], password=person["password"])

    def send(self, path, button, ticked=None, **values):
        """Opens a page, fills in the form with this button and sends it; returns the page that answers."""
        page = self.session.get(BASE + path, timeout=60)
        page.raise_for_status()
        form = next(form for form in Form(page.text).forms if button in form["buttons"])
        filled = [(name, values.pop(name, value)) for name, value in form["values"]]
        filled += [*values.items()] + [pair for pair in form["boxes"] if pair[0] == ticked]
        answer = self.session.post(urllib.parse.urljoin(page.url, form["action"]), data=filled, timeout=60)
        answer.raise_for_status()
        return answer.text

    def token(self, account, name):
        """Makes a token with every permission for a company of the person's."""
        # The answers of the wizard's steps travel in the address of the next one.
        answers = urllib.parse.urlencode({"step": 4, "name": name, "scope": "all", "term": "none"})
        page = self.send(f"/{account}/tokens/new?{answers}", "Create token")
        key = re.search(r"ApiKey SU-[0-9-]+:[0-9A-Za-z_-]+", page)
        unittest.TestCase().assertIsNotNone(key, page)
        return key[0]
