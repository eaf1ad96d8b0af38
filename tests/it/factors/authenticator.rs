//! A passkey in software, which can also do what no real one does: answer for another origin or party, count backwards,
//! leave its owner unchecked.

use openssl::bn::{BigNum, BigNumContext};
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::sha::sha256;
use openssl::sign::Signer;
use serde_json::{Value, json};

/// Where an answer is said to come from.
#[derive(Clone)]
pub struct From {
    pub origin: String,
    pub party: String,
}

/// A passkey.
pub struct Passkey {
    key: EcKey<Private>,
    pub id: Vec<u8>,
    pub handle: Option<Vec<u8>>,
    pub counter: u32,
    /// Whether it checks its owner, by a finger or a PIN.
    pub checks: bool,
}

const PRESENT: u8 = 0x01;
const CHECKED: u8 = 0x04;
const WITH_KEY: u8 = 0x40;

fn text(bytes: &[u8]) -> String {
    openssl::base64::encode_block(bytes).replace('+', "-").replace('/', "_").replace('=', "")
}

fn bytes(text: &str) -> Vec<u8> {
    let mut plain = text.replace('-', "+").replace('_', "/");
    while !plain.len().is_multiple_of(4) {
        plain.push('=');
    }
    openssl::base64::decode_block(&plain).expect("base 64")
}

/// The head of a CBOR value: its kind and a number below 65536.
fn head(kind: u8, number: usize) -> Vec<u8> {
    let kind = kind << 5;
    match number {
        0..24 => vec![kind | number as u8],
        24..256 => vec![kind | 24, number as u8],
        _ => vec![kind | 25, (number >> 8) as u8, number as u8],
    }
}

fn cbor_bytes(bytes: &[u8]) -> Vec<u8> {
    [head(2, bytes.len()), bytes.to_vec()].concat()
}

fn cbor_text(text: &str) -> Vec<u8> {
    [head(3, text.len()), text.as_bytes().to_vec()].concat()
}

impl Passkey {
    /// Makes a passkey as the options ask, and its answer.
    pub fn make(options: &str, from: &From) -> (Self, String) {
        let options: Value = serde_json::from_str(options).expect("options");
        let asked = &options["publicKey"];
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
        assert_eq!(asked["rp"]["id"], "localhost");
        let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).expect("the curve");
        let key = EcKey::generate(&group).expect("a key");
        let mut id = vec![0; 32];
        openssl::rand::rand_bytes(&mut id).expect("an id");
        let handle = Some(bytes(asked["user"]["id"].as_str().expect("a handle")));
        let passkey = Self { key, id, handle, counter: 1, checks: true };
        let client = client("webauthn.create", asked, from);
        let mut data = passkey.data(from, WITH_KEY);
        data.extend([[0; 16].as_slice(), &(passkey.id.len() as u16).to_be_bytes(), &passkey.id].concat());
        data.extend(passkey.public(&group));
        let attested = [
            head(5, 3),
            cbor_text("fmt"),
            cbor_text("none"),
            cbor_text("attStmt"),
            head(5, 0),
            cbor_text("authData"),
            cbor_bytes(&data),
        ]
        .concat();
        let answer = json!({
            "id": text(&passkey.id), "rawId": text(&passkey.id), "type": "public-key", "extensions": {},
            "response": { "clientDataJSON": text(&client), "attestationObject": text(&attested), "transports": ["internal"] },
        });
        (passkey, answer.to_string())
    }

    /// Answers a question.
    pub fn answer(&mut self, options: &str, from: &From) -> String {
        self.counter += 1;
        let options: Value = serde_json::from_str(options).expect("options");
        let client = client("webauthn.get", &options["publicKey"], from);
        let data = self.data(from, 0);
        let key = PKey::from_ec_key(self.key.clone()).expect("a key");
        let mut signer = Signer::new(MessageDigest::sha256(), &key).expect("a signer");
        let signature =
            signer.sign_oneshot_to_vec(&[data.clone(), sha256(&client).to_vec()].concat()).expect("a signature");
        let mut response = json!({
            "clientDataJSON": text(&client), "authenticatorData": text(&data), "signature": text(&signature),
        });
        if let Some(handle) = &self.handle {
            response["userHandle"] = json!(text(handle));
        }
        json!({ "id": text(&self.id), "rawId": text(&self.id), "type": "public-key", "extensions": {}, "response": response })
            .to_string()
    }

    fn data(&self, from: &From, more: u8) -> Vec<u8> {
        let checked = if self.checks { CHECKED } else { 0 };
        let mut data = sha256(from.party.as_bytes()).to_vec();
        data.push(PRESENT | checked | more);
        data.extend(self.counter.to_be_bytes());
        data
    }

    /// The public key in COSE: EC2, ES256, P-256, x, y.
    fn public(&self, group: &EcGroup) -> Vec<u8> {
        let mut context = BigNumContext::new().expect("a context");
        let (mut x, mut y) = (BigNum::new().expect("x"), BigNum::new().expect("y"));
        let point = self.key.public_key();
        point.affine_coordinates_gfp(group, &mut x, &mut y, &mut context).expect("a point");
        let [x, y] = [x, y].map(|n| cbor_bytes(&n.to_vec_padded(32).expect("32 bytes")));
        [head(5, 5), vec![0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21], x, vec![0x22], y].concat()
    }
}

fn client(kind: &str, asked: &Value, from: &From) -> Vec<u8> {
    json!({ "type": kind, "challenge": asked["challenge"], "origin": from.origin, "crossOrigin": false })
        .to_string()
        .into_bytes()
}
