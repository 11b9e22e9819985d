#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Forgeries of a bundle: each must be refused by independent_verifier.py for the reason that it should have.

Usage: forgeries.py BUNDLE POLICY --at UNIXTIME FOLDER
Every forgery goes to FOLDER as a bundle and a policy, and all of them to FOLDER/cases.json with the time and the verdict, so that
another verifier can be held to them. The bundle has three rows with a consent each, of a log of five leaves with one withdrawal of
another entry, under one cosigner of the one ledger, with the schema test-small, and was cosigned an hour before UNIXTIME.

Some forgeries are "signed again": the forger has the ledger's and the cosigner's key (fresh keys, put into the policy), so that only the
check in question stands between the forgery and acceptance.
"""
import argparse, base64, json, os, re, struct, sys
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
import independent_verifier as v

WIDTHS = {"entries": 118, "revocations.0": 34}                # of rows; others have 32 bytes or an integer


class Forgery:
    """The sample taken apart: header metadata `meta`, tensors as bytearrays, policy text."""

    def __init__(self, sample, policy, now):
        length = struct.unpack_from("<Q", sample)[0]
        header = json.loads(sample[8:8 + length])
        self.meta = json.loads(header.pop("__metadata__")["bundle"])
        self.types, self.tensors = {}, {}
        for name, t in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            begin, end = t["data_offsets"]
            self.types[name] = t["dtype"], t["shape"]
            self.tensors[name] = bytearray(sample[8 + length + begin:8 + length + end])
        self.policy, self.now, self.space, self.claims_statement = policy, now, False, False
        self.ledger = self.meta["ledgers"][0]["origin"]
        self.cosigner_name = re.search(r'keys: \["([^+]+)\+', policy)[1]
        self.time = now - 3600
        self.issuer, self.cosigner = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()

    def bytes(self):
        header, offset = {"__metadata__": {"bundle": v.canonical_json(self.meta).decode(), "format": f"zkconsent-bundle/{v.VERSION}"}}, 0
        for name, data in self.tensors.items():
            dtype, (_, *width) = self.types[name]
            row = 8 if dtype == "U64" else width[0] if width else 1
            header[name] = {"data_offsets": [offset, offset + len(data)], "dtype": dtype, "shape": [len(data) // row, *width]}
            offset += len(data)
        text = v.canonical_json(header)
        if self.space:
            text = text.replace(b":", b": ", 1)
        text += b" " * (-len(text) % 8)
        return struct.pack("<Q", len(text)) + text + b"".join(self.tensors.values())

    def row(self, name, i, new=None):
        width = 8 if self.types[name][0] == "U64" else WIDTHS.get(name, 32)
        if new is not None:
            self.tensors[name][i * width:(i + 1) * width] = new
        return bytes(self.tensors[name][i * width:(i + 1) * width])

    def number(self, name, i, new):
        self.row(name, i, struct.pack("<Q", new))

    def swap(self, name, i, j):
        a, b = self.row(name, i), self.row(name, j)
        self.row(name, i, b)
        self.row(name, j, a)

    def replace(self, name, start, new):
        self.tensors[name][start:start + len(new)] = new

    def insert_after(self, name, new):
        """An empty tensor of the type of another."""
        tensors = list(self.tensors.items())
        place = list(self.tensors).index(name) + 1
        self.tensors = dict(tensors[:place] + [(new, bytearray())] + tensors[place:])
        self.types[new] = self.types[name]

    def other_policy(self, old, new):
        """The auditor's policy differs."""
        assert old in self.policy, old
        self.policy = self.policy.replace(old, new)

    def edit_note(self, member, edit):
        """Changes the lines of a checkpoint of the ledger."""
        lines = self.meta["ledgers"][0][member].split("\n")
        edit(lines)
        self.meta["ledgers"][0][member] = "\n".join(lines)

    # ---- the forger who can sign

    def cosign(self, body, time):
        signature = self.cosigner.sign(f"cosignature/v1\ntime {time}\n{body}".encode())
        line = v.key_id(self.cosigner_name, 4, public(self.cosigner)) + struct.pack(">Q", time) + signature
        return f"\u2014 {self.cosigner_name} {base64.b64encode(line).decode()}\n"

    def sign(self, log, size, root, cosign=True):
        name = f"{self.ledger}/{log}"
        body = f"{name}\n{size}\n{base64.b64encode(root).decode()}\n"
        line = v.key_id(name, 1, public(self.issuer)) + self.issuer.sign(body.encode())
        note = f"{body}\n\u2014 {name} {base64.b64encode(line).decode()}\n"
        return note + self.cosign(body, self.time) if cosign else note

    def own_keys(self, **cosign):
        """Fresh keys in the policy and the same three checkpoints signed again."""
        for name, kind, key in ((self.ledger, 1, self.issuer), (self.cosigner_name, 4, self.cosigner)):
            text = key_text(name, kind, key)
            begin = self.policy.index(name + "+")
            self.other_policy(self.policy[begin:begin + len(text)], text)
        ledger = self.meta["ledgers"][0]
        for holder, member, log in ((ledger, "consents", "consents"), (ledger, "revocations", "revocations"),
                                    (self.meta["manifest"], "checkpoint", "registry")):
            _, size, root = holder[member].split("\n")[:3]
            holder[member] = self.sign(log, size, base64.b64decode(root), **cosign)

    def sign_manifest(self, holder=None):
        """A manifest of the forged data points, alone in a registry log of size 1."""
        points = [self.row("data_points", i) for i in range(self.meta["data_points"])]
        root = v.tree_root([v.leaf_hash(point) for point in points])
        entry = v.canonical_json({"data_points": len(points), "dataset": "test", "holder": holder or self.meta["holder"],
                                  "kind": "manifest", "root": root.hex(), "version": v.VERSION})
        self.meta["manifest"].update(entry=entry.decode(), checkpoint=self.sign("registry", 1, v.leaf_hash(entry)), inclusion=[], index=0)

    def sign_consents(self):
        """A consents log with exactly the forged entries."""
        leaves = [v.leaf_hash(self.row("entries", j)) for j in range(self.meta["distinct_consents"])]
        self.tensors["inclusion.0"].clear()
        self.meta["ledgers"][0]["consents"] = self.sign("consents", len(leaves), v.tree_root(leaves))

    def sign_revocations(self, entries):
        self.tensors["revocations.0"][:] = b"".join(entries)
        tree = v.tree_root([v.leaf_hash(entry) for entry in entries])
        self.meta["ledgers"][0]["revocations"] = self.sign("revocations", len(entries), tree)

    def demand_logged(self, day, older=None):
        """The policy has `logged_by: day`; the bundle an older checkpoint `(size, root, time, proof)`."""
        self.own_keys()
        self.other_policy("freshness:", f"logged_by: {day}\n  freshness:")
        if older:
            size, root, time, proof = older
            self.time = time
            note = self.sign("consents", size, root)
            self.meta["ledgers"][0]["logged"] = {"checkpoint": note, "consistency": [h.hex() for h in proof]}


def public(key):
    return key.public_key().public_bytes_raw()


def key_text(name, kind, key):
    return f"{name}+{v.key_id(name, kind, public(key)).hex()}+{base64.b64encode(bytes([kind]) + public(key)).decode()}"


CASES = []


def simple(name, expected, function):
    CASES.append((name, expected, function))


def case(name, expected):
    return lambda function: simple(name, expected, function)


OTHER_POINT = v.encode_point(v.generator("forgery"))
PROOF = "does not hold: proof: "
EQ2, EQ3 = PROOF + "equation (2), data points", PROOF + "equation (3), consents"


def flip(name, byte, bit=1):
    def change(f):
        f.tensors[name][byte] ^= bit
    return change


def signed(change, *what):
    """The change, then the logs that it spoils signed again."""
    def forge(f):
        f.own_keys()
        change(f)
        for sign in what:
            sign(f)
    return forge


# ---- controls
simple("control: the sample taken apart and put together", "holds", lambda f: None)
simple("control: signed again with the forger's keys", "holds", lambda f: f.own_keys())
simple("a larger revocation list of others is another statement", EQ2, signed(
    lambda f: f.sign_revocations([f.row("revocations.0", 0), bytes([v.VERSION, 1]) + bytes(32)])))

# ---- the proof
simple("bit flip in z_rec", EQ2, flip("proof", 64))
simple("bit flip in z_subj", EQ2, flip("proof", 96))
simple("bit flip in z_s", EQ2, flip("proof", 128))
# The tail has 8 places (subject, flag Location, days 1, 2, 6, 7, 8, H): one round, A_0 B_0 at 5 and 6, and four scalars.
for slot in range(4):
    simple(f"bit flip in w_{slot}", EQ3, flip("proof", 224 + 32 * slot))
for name, slot in (("A_0", 5), ("B_0", 6)):
    simple(f"another {name}", EQ3, lambda f, i=slot: f.row("proof", i, OTHER_POINT))
    simple(f"{name} is the identity", PROOF + f"{name} is the identity", lambda f, i=slot: f.row("proof", i, bytes(32)))
    simple(f"bit flip in {name} (negative encoding)", PROOF + f"{name} is not an element encoding", flip("proof", 32 * slot))
    simple(f"{name} plus p", PROOF + f"{name} is not an element encoding", lambda f, i=slot: f.row(
        "proof", i, ((int.from_bytes(f.row("proof", i), "little") + v.FIELD) % 2**256).to_bytes(32, "little")))
simple("A_0 and B_0 exchanged", EQ3, lambda f: f.swap("proof", 5, 6))
simple("two of the last scalars exchanged", EQ3, lambda f: f.swap("proof", 7, 8))


@case("a round left out", PROOF + "length")
def _(f):
    del f.tensors["proof"][160:224]


@case("a round more", PROOF + "length")
def _(f):
    f.tensors["proof"][224:224] = OTHER_POINT + OTHER_POINT


@case("the scalars of the tail in full, without a round", PROOF + "length")
def _(f):
    f.tensors["proof"][160:224] = bytes(128)


simple("another t_D", EQ2, lambda f: f.row("proof", 0, OTHER_POINT))
simple("another t_C", EQ2, lambda f: f.row("proof", 1, OTHER_POINT))
simple("bit flip in t_C (negative encoding)", PROOF + "t_C is not an element encoding", flip("proof", 32))
simple("t_D is the identity", PROOF + "t_D is the identity", lambda f: f.row("proof", 0, bytes(32)))
for slot in (2, 3, 4, 7, 8, 9, 10):
    simple(f"scalar {slot} plus q", PROOF + "a scalar is not canonical", lambda f, i=slot: f.row(
        "proof", i, (int.from_bytes(f.row("proof", i), "little") + v.ORDER).to_bytes(32, "little")))
simple("a scalar left out", PROOF + "length", lambda f: f.tensors["proof"].__delitem__(slice(-32, None)))
simple("a byte after the proof", PROOF + "length", lambda f: f.tensors["proof"].append(0))

# ---- data points
ROOT = "does not hold: manifest: root of the data points"
simple("bit flip in a D", ROOT, flip("data_points", 0))
simple("bit flip in a D, signed again", "does not hold: encoding: D", signed(flip("data_points", 0), Forgery.sign_manifest))
simple("another D", ROOT, lambda f: f.row("data_points", 0, OTHER_POINT))
simple("another D, signed again", EQ2, signed(lambda f: f.row("data_points", 2, OTHER_POINT), Forgery.sign_manifest))
simple("identity as D, signed again", "does not hold: encoding: D", signed(
    lambda f: f.row("data_points", 1, bytes(32)), Forgery.sign_manifest))
simple("swapped data points", ROOT, lambda f: f.swap("data_points", 0, 1))
simple("swapped data points, signed again", EQ2, signed(lambda f: f.swap("data_points", 0, 1), Forgery.sign_manifest))

# ---- entries
INCLUSION, ENTRY = "does not hold: inclusion: ", "does not hold: entry: "
simple("bit flip in C", INCLUSION + "root", flip("entries", 54))
simple("bit flip in C, signed again", "does not hold: encoding: C", signed(flip("entries", 54), Forgery.sign_consents))
simple("another C, signed again", EQ2, signed(lambda f: f.replace("entries", 54, OTHER_POINT), Forgery.sign_consents))
simple("identity as C, signed again", "does not hold: encoding: C", signed(
    lambda f: f.replace("entries", 54, bytes(32)), Forgery.sign_consents))
simple("K that does not decode, signed again: bound, not decoded", EQ2, signed(flip("entries", 22), Forgery.sign_consents))
simple("another issuance day, signed again", EQ2, signed(flip("entries", 2), Forgery.sign_consents))
simple("an issuance day after 2199", ENTRY + "issuance day", flip("entries", 5))
simple("version of an entry", ENTRY + "version or kind", flip("entries", 0))
simple("kind of an entry", ENTRY + "version or kind", flip("entries", 119, 2))
simple("schema of an entry", ENTRY + "schema", flip("entries", 6))
simple("withdrawal tag of an entry", INCLUSION + "root", flip("entries", 117))
simple("leaf index of an entry", INCLUSION + "root", lambda f: f.number("entry_index", 2, 3))
simple("leaf index beyond the log", INCLUSION + "index beyond the log", lambda f: f.number("entry_index", 2, 5))
simple("entries not ascending", "malformed: entries are not strictly ascending", lambda f: f.swap("entry_index", 0, 1))
simple("an entry of no ledger", "malformed: entry in an unknown ledger", lambda f: f.number("entry_ledger", 2, 1))
simple("an entry twice", "does not hold: duplicate-entry", lambda f: f.row("entries", 1, f.row("entries", 0)))
simple("a hash of the inclusion proof", INCLUSION + "root", flip("inclusion.0", 5))
simple("hashes of the inclusion proof exchanged", INCLUSION + "root", lambda f: f.swap("inclusion.0", 0, 1))
simple("an unused hash of the inclusion proof", INCLUSION + "unused hashes", lambda f: f.tensors["inclusion.0"].extend(bytes(32)))
simple("swapped positions", EQ2, lambda f: f.swap("consent", 0, 1))
simple("position beyond the entries", "malformed: a row's position is beyond the entries", lambda f: f.number("consent", 0, 3))
simple("an entry is not used", "malformed: an entry is not used", lambda f: f.number("consent", 0, 1))

# ---- revealed values
simple("changed revealed uint", EQ2, lambda f: f.number("revealed.age", 0, 99))
simple("changed revealed text", EQ2, flip("revealed.notice.bytes", 7))
simple("revealed text moved by an offset", EQ2, lambda f: f.number("revealed.notice.offsets", 1, 9))
simple("offsets that do not begin with 0", "malformed: revealed.notice: offsets", lambda f: f.number("revealed.notice.offsets", 0, 1))
simple("revealed text not UTF-8", "malformed: revealed.notice: not UTF-8", flip("revealed.notice.bytes", 0, 0x80))


@case("a revealed text of 65,536 bytes", "malformed: revealed.notice: too long")
def _(f):
    f.tensors["revealed.notice.bytes"].extend(b"x" * 65_536)
    f.number("revealed.notice.offsets", 3, len(f.tensors["revealed.notice.bytes"]))


# ---- header
simple("changed holder", "does not hold: manifest: holder", lambda f: f.meta.update(holder="other.example"))
simple("changed context", EQ2, lambda f: f.meta.update(context="other"))
simple("non-canonical header (a space)", "malformed: header is not canonical", lambda f: setattr(f, "space", True))
simple("more consents than rows", "malformed: N, E", lambda f: f.meta.update(distinct_consents=4))
simple("another version", "malformed: form, kind, suite or version", lambda f: f.meta.update(version=v.VERSION + 1))
simple("an unknown member", "malformed: bundle metadata: members", lambda f: f.meta.update(extra=0))


@case("changed holder in the manifest too", "does not hold: registry: root")
def _(f):
    f.meta["manifest"]["entry"] = f.meta["manifest"]["entry"].replace(f.meta["holder"], "other.example")
    f.meta["holder"] = "other.example"


@case("changed holder, manifest signed again", EQ2)
def _(f):
    f.own_keys()
    f.meta["holder"] = "other.example"
    f.sign_manifest()


@case("a holder that is equal only after normalisation, manifest signed again", "does not hold: manifest: holder")
def _(f):
    f.own_keys()
    f.meta["holder"] = "e\u0301.example"
    f.sign_manifest("\u00e9.example")


@case("a ledger without entries", INCLUSION + "no entries")
def _(f):
    f.own_keys()
    ledger, other, cosigners = f.ledger, "b.example", re.search(r"cosigners: .*", f.policy)[0]
    f.other_policy("  freshness:", f"    - origin: {other}\n      key: {key_text(other, 1, f.issuer)}\n      {cosigners}\n  freshness:")
    f.ledger = other
    f.meta["ledgers"].append({"consents": f.sign("consents", 1, bytes(32)), "logged": None, "origin": other,
                              "revocations": f.sign("revocations", 0, v.tree_root([]))})
    f.ledger = ledger
    for name in ("inclusion.0", "revocations.0"):
        f.insert_after(name, name.replace("0", "1"))


# ---- revocations, checkpoints, time
CHECKPOINT = "does not hold: checkpoint: "
LIST = "does not hold: revocation-list: root"
simple("removed revocation entry", LIST, lambda f: f.tensors["revocations.0"].clear())
simple("another kind in the revocation list", LIST, flip("revocations.0", 1, 2))
simple("a consent is withdrawn, list signed again", "does not hold: revoked", signed(
    lambda f: f.sign_revocations([bytes([v.VERSION, 1]) + v.leaf_hash(f.row("entries", 1))])))
simple("a withdrawal of unknown version and kind counts", "does not hold: revoked", signed(
    lambda f: f.sign_revocations([b"\7\7" + v.leaf_hash(f.row("entries", 2))])))
simple("fewer entries in the revocations checkpoint", CHECKPOINT + "revocations: root", lambda f: f.edit_note(
    "revocations", lambda lines: lines.__setitem__(1, "0")))
simple("another size of the consents log", CHECKPOINT + "consents: signature", lambda f: f.edit_note(
    "consents", lambda lines: lines.__setitem__(1, "6")))
simple("an extension line that is not signed", CHECKPOINT + "consents: signature", lambda f: f.edit_note(
    "consents", lambda lines: lines.insert(3, "more")))
simple("control: a line of an unknown key", "holds", lambda f: f.edit_note(
    "consents", lambda lines: lines.insert(4, "\u2014 unknown.example AAAAAAAA")))
simple("a cosignature spoiled", CHECKPOINT + "consents: cosignature", lambda f: f.edit_note(
    "consents", lambda lines: lines.__setitem__(5, lines[5][:-8] + "AAAA" + lines[5][-4:])))
simple("no cosignatures", "does not hold: quorum", lambda f: f.own_keys(cosign=False))
simple("no cosignature of the registry", "does not hold: quorum: a.example/registry", signed(
    lambda f: f.meta["manifest"].update(checkpoint=f.sign("registry", 1, v.leaf_hash(f.meta["manifest"]["entry"].encode()), cosign=False))))


@case("the auditor trusts other keys", CHECKPOINT + "consents: signature missing")
def _(f):
    ledgers = json.loads(json.dumps(f.meta["ledgers"]))
    f.own_keys()
    f.meta["ledgers"] = ledgers


@case("the auditor trusts another ledger", "does not hold: unknown-ledger")
def _(f):
    f.policy = re.sub(r"origin: \S+\n( +)key: \S+", rf"origin: o.example\n\1key: {key_text('o.example', 1, f.issuer)}", f.policy)


simple("consents checkpoint in place of revocations", CHECKPOINT + "revocations: origin",
       lambda f: f.meta["ledgers"][0].update(revocations=f.meta["ledgers"][0]["consents"]))
AGE = "does not hold: stale: revocations checkpoint is "
simple("control: at the maximum age", "holds", lambda f: setattr(f, "now", f.time + 86_400))
simple("a second older", AGE + "too old", lambda f: setattr(f, "now", f.time + 86_401))
simple("control: 300 seconds in the future", "holds", lambda f: setattr(f, "now", f.time - 300))
simple("301 seconds in the future", AGE + "from the future", lambda f: setattr(f, "now", f.time - 301))


@case("control: of two cosignatures of one key the later counts", "holds")
def _(f):
    f.own_keys()
    f.now = f.time + 86_401
    note = f.meta["ledgers"][0]["revocations"]
    f.meta["ledgers"][0]["revocations"] = note + f.cosign(note.split("\n\n")[0] + "\n", f.time + 1)


# ---- another policy of the auditor
FLAGS = "require: {purposes: [ScientificResearch], data_categories: [Health]}"
DAYS = "{from: 2026-01-03, to: 2026-01-05}"
for name, old, new, length in (
        ("require another flag", FLAGS, FLAGS.replace("[Health]", "[Health, Location]"), False),
        ("require a forbidden flag", "forbid: {purposes: [Marketing]}", "forbid: {data_categories: [Location]}", False),
        ("other in_force day", DAYS, "{from: 2026-01-02, to: 2026-01-04}", False),
        ("in_force a day longer", DAYS, "{from: 2026-01-03, to: 2026-01-06}", False),
        ("in_force on every day", DAYS, "{from: 2026-01-01, to: 2026-01-08}", True),
        ("other controller", "https://hospital.example", "https://clinic.example", False),
        ("link the subject", "link: [record]", "link: [subject]", False)):
    def claimed(f, old=old, new=new):
        f.other_policy(old, new)
        f.claims_statement = True
    simple(name, "does not hold: statement", lambda f, o=old, n=new: f.other_policy(o, n))
    simple(f"{name}, claimed by the bundle", PROOF + "length" if length else EQ2, claimed)
ACCEPT = "  freshness: {current: 1d}"
for name, line, expected in (
        ("minimum of distinct consents", "minimum_distinct_consents: 4", "does not hold: too-few"),
        ("control: minimum of distinct consents", "minimum_distinct_consents: 3", "holds"),
        ("control: one to one", "one_to_one: true", "holds"),
        ("context demanded", "context: audit-1", "does not hold: context"),
        ("logged_by without an older checkpoint", "logged_by: 2026-01-31", "does not hold: logged-by: no older"),
        ("an unknown key", "logged: 2026-01-31", "malformed: acceptance: keys"),
        ("a number in quotes", "minimum_distinct_consents: \"3\"", "malformed: minimum_distinct_consents"),
        ("YAML 1.1 booleans", "one_to_one: yes", "malformed: one_to_one")):
    simple(name, expected, lambda f, line=line: f.other_policy(ACCEPT, f"{ACCEPT}\n  {line}"))
simple("control: as_of", "holds", lambda f: f.other_policy("{current: 1d}", "{as_of: true}"))
simple("as_of before the end of in_force", "does not hold: stale", lambda f: (
    setattr(f, "time", 86_400 * v.day_number("2026-01-06", "") - 1), f.own_keys(), f.other_policy("{current: 1d}", "{as_of: true}")))
simple("no cosigners", "malformed: ledger: keys", lambda f: setattr(f, "policy", re.sub(r"\n +cosigners: .*", "", f.policy)))
simple("a quorum of nobody", "malformed: quorum", lambda f: f.other_policy("quorum: 1", "quorum: 0"))
simple("an alias in a comment with a quotation mark", "malformed", lambda f: f.other_policy(ACCEPT, f"{ACCEPT}\n# \" *x"))
simple("control: an alias in a plain comment", "holds", lambda f: f.other_policy(ACCEPT, f"{ACCEPT}\n# *x"))
simple("a tag after a colon without a space", "malformed", lambda f: f.other_policy("link: [record]", "link: [record,!x record]"))

# ---- logged_by; the log at size 4 with its consistency proof to size 5 is made of the entries and the inclusion proof
END = 86_400 * (v.day_number("2026-01-31", "") + 1)


def older(f):
    """(root at size 4, proof from 4 to 5); the inclusion proof of leaves 0, 1, 2 in a log of 5 is leaf 3, leaf 4."""
    leaves = [v.leaf_hash(f.row("entries", j)) for j in range(3)] + [f.row("inclusion.0", 0)]
    return v.tree_root(leaves), [f.row("inclusion.0", 1)]


for name, day, size, time, expected in (
        ("control: logged_by", "2026-01-31", 4, END - 1, "holds"),
        ("logged_by, cosigned at the end of the day", "2026-01-31", 4, END, "does not hold: logged-by: checkpoint is later"),
        ("logged_by, another size", "2026-01-31", 3, END - 1, "does not hold: logged-by: consistency"),
        ("logged_by, nothing logged", "2026-01-31", 0, END - 1, "does not hold: ")):
    def logged(f, day=day, size=size, time=time):
        root, proof = older(f)
        f.demand_logged(day, (size, root if size else v.tree_root([]), time, proof))
    simple(name, expected, logged)


@case("logged_by, an entry came later", "does not hold: logged-by: entry is later")
def _(f):
    first, second, third = (v.leaf_hash(f.row("entries", j)) for j in range(3))
    right = v.node_hash(third, f.row("inclusion.0", 0))
    f.demand_logged("2026-01-31", (2, v.node_hash(first, second), END - 1, [right, f.row("inclusion.0", 1)]))


def verdict(bundle, policy_path, now):
    """What independent_verifier.py prints."""
    try:
        v.verify(bundle, v.read_policy(policy_path), now)
    except v.Refused as error:
        return f"does not hold: {error}"
    except v.Malformed as error:
        return f"malformed: {error}"
    return "holds"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("policy")
    parser.add_argument("--at", type=int, required=True, metavar="UNIXTIME")
    parser.add_argument("folder")
    options = parser.parse_args()
    with open(options.bundle, "rb") as file:
        sample = file.read()
    with open(options.policy) as file:
        policy = file.read()
    cases, failed = [], 0
    for number, (name, expected, function) in enumerate(CASES):
        forgery = Forgery(sample, policy, options.at)
        function(forgery)
        files = [f"{number:03}.yaml", f"{number:03}.zkb"]
        paths = [os.path.join(options.folder, file) for file in files]
        with open(paths[0], "w") as file:
            file.write(forgery.policy)
        if forgery.claims_statement:
            forgery.meta["statement"] = v.read_policy(paths[0]).statement_digest.hex()
        with open(paths[1], "wb") as file:
            file.write(forgery.bytes())
        found = verdict(forgery.bytes(), paths[0], forgery.now)
        if found != expected and (expected == "holds" or not found.startswith(expected)):
            print(f"{name}: {found} (expected {expected})")
            failed += 1
        cases.append({"bundle": files[1], "name": name, "now": forgery.now, "policy": files[0], "verdict": found})
    with open(os.path.join(options.folder, "cases.json"), "w") as file:
        json.dump(cases, file)
    print(f"{len(cases) - failed} as expected, {failed} not")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
