//! What the demo's companies tell about themselves, and their logos.

use super::companies::Companies;
use super::pictures::{Colour, Mark, logo};
use super::{Company, Demo, Made, failed};
use crate::flows::accounts::actions::{self as accounts, Door, Icon, MAX_PICTURE, NewSubAccount, Upload, keep_picture};
use crate::flows::accounts::model::CompanyWords;

/// The edge of a logo in pixels.
const EDGE: u32 = 256;

/// What one company tells.
struct Told<'a> {
    company: &'a Company,
    mark: (Colour, Mark),
    description: &'static str,
    overview: &'static str,
    headquarters: &'static str,
    countries: &'static [&'static str],
    languages: &'static [&'static str],
    website: &'static str,
    industries: &'static [&'static str],
}

impl Demo<'_> {
    /// Each company introduces itself.
    pub(super) fn introduce(&self, companies: &Companies) -> Made<()> {
        for told in told(companies) {
            let picture = self.logo(told.mark)?;
            let words = CompanyWords {
                name: told.company.name.to_owned(),
                external_id: String::new(),
                description: told.description.to_owned(),
                overview: told.overview.to_owned(),
                headquarters: told.headquarters.to_owned(),
                countries: told.countries.iter().map(|c| (*c).to_owned()).collect(),
                languages: told.languages.iter().map(|l| (*l).to_owned()).collect(),
                websites: vec![told.website.to_owned()],
                industries: told.industries.iter().map(|i| (*i).to_owned()).collect(),
            };
            let actor = told.company.actor(0);
            self.step("introduction", |tx| {
                accounts::edit_company(tx, &actor, None, Icon::New(&picture), |_| Ok(words.clone()))
            })?;
        }
        for (company, mark) in
            [(&companies.northgate, ([14, 116, 144], Mark::Ring)), (&companies.halden, ([157, 78, 34], Mark::Diamond))]
        {
            let picture = self.logo(mark)?;
            for person in company.people.iter().take(1) {
                self.step("picture", |tx| accounts::change_picture(tx, &person.user, Icon::New(&picture)))?;
            }
        }
        let new = NewSubAccount { name: "Northgate Academy".to_owned(), myself: true, ..NewSubAccount::default() };
        let actor = companies.northgate.actor(0);
        let door = Door { deployment: &self.services.secret };
        self.step("sub-account", |tx| accounts::create_sub_account(tx, &actor, &new, &door))?;
        Ok(())
    }

    fn logo(&self, (colour, mark): (Colour, Mark)) -> Made<Upload> {
        let files = &self.services.files;
        let drawn = logo(EDGE, colour, mark).map_err(|e| failed("logo", &e))?;
        let staged = files.stage(drawn.as_slice(), MAX_PICTURE).map_err(|e| failed("logo", &e.text()))?;
        keep_picture(files, "icon", &staged).map_err(|e| failed("logo", &e))
    }
}

fn told(c: &Companies) -> [Told<'_>; 6] {
    [
        Told {
            company: &c.northgate,
            mark: ([28, 78, 128], Mark::Gate),
            description: "Northgate brings cloud products of European vendors to system houses in DACH and Benelux.",
            overview: "## What we do\n\nWe list, bill and support **more than forty products** on two marketplaces.\n\n\
                       - One contract and one invoice for each reseller\n- Support in German, Dutch and English\n- Usage settled every month",
            headquarters: "Hamburg, Germany",
            countries: &["DE", "AT", "CH", "NL", "BE", "LU"],
            languages: &["de", "nl", "en"],
            website: "https://northgate.example/",
            industries: &["IND-10", "IND-17"],
        },
        Told {
            company: &c.firth,
            mark: ([11, 110, 105], Mark::Waves),
            description: "Firth Supply distributes software around the North Sea and the Baltic.",
            overview: "## Where to find us\n\nOffices in Aberdeen, Oslo and Tallinn. Partners reach us by mail on every working day.",
            headquarters: "Aberdeen, United Kingdom",
            countries: &["GB", "NO", "SE", "DK", "FI", "EE", "LV", "LT"],
            languages: &["en", "no", "et"],
            website: "https://firth.example/",
            industries: &["IND-10", "IND-11"],
        },
        Told {
            company: &c.halden,
            mark: ([47, 91, 208], Mark::Diamond),
            description: "Halden Software makes backup and archiving that small companies can run themselves.",
            overview: "## Our products\n\nBackups are kept in two places **in the same region**, and restored by the customer's own people.\n\n\
                       1. Order through your reseller\n2. Name an administrator\n3. Restore a file to see that it works",
            headquarters: "Halden, Norway",
            countries: &["NO", "SE", "DE", "NL"],
            languages: &["no", "en", "de"],
            website: "https://halden.example/",
            industries: &["IND-10"],
        },
        Told {
            company: &c.ember,
            mark: ([190, 73, 32], Mark::Ring),
            description: "Ember Cloud hosts virtual desktops and the files behind them.",
            overview: "Ember runs its own data centres in Porto and Tallinn, both on renewable energy.",
            headquarters: "Porto, Portugal",
            countries: &["PT", "ES", "EE", "DE"],
            languages: &["pt", "en"],
            website: "https://ember.example/",
            industries: &["IND-10", "IND-07"],
        },
        Told {
            company: &c.alpina,
            mark: ([120, 53, 140], Mark::Peak),
            description: "Alpina Systemhaus looks after the computers of 300 companies between Lindau and Chur.",
            overview: "We advise, install and repair, on site within a working day.",
            headquarters: "Bregenz, Austria",
            countries: &["AT", "CH", "DE"],
            languages: &["de"],
            website: "https://alpina.example/",
            industries: &["IND-05", "IND-10"],
        },
        Told {
            company: &c.fjord,
            mark: ([20, 120, 170], Mark::Valley),
            description: "Fjord IT runs the offices of shipping companies and fish farms in western Norway.",
            overview: "Everything from the cable to the cloud, also where the road ends.",
            headquarters: "Bergen, Norway",
            countries: &["NO"],
            languages: &["nb", "en"],
            website: "https://fjord.example/",
            industries: &["IND-01", "IND-11"],
        },
    ]
}
