#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A second, independent verifier of zkconsent dataset bundles, written from docs/protocol.md (P) and docs/formats.md (F) alone.

Usage: independent_verifier.py BUNDLE POLICY --at UNIXTIME [--trace]
Exit status: 0 holds, 1 does not hold, 2 malformed input. It ends with the first failure of the table in P 4.3, named by its code;
`--trace` prints intermediate values as JSON. It has no memory and takes no newer revocation lists (P 8).
"""
import argparse, base64, binascii, datetime, functools, hashlib, json, os, re, struct, sys, unicodedata
import yaml
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

VERSION = 1                                                    # of every format (F, introduction)


class Malformed(Exception):
    """The input cannot be read as a bundle, a policy or a schema."""


class Refused(Exception):
    """The bundle can be read, but does not hold: `code: reason`, with a code of P 4.3."""


def demand(condition, reason):
    if not condition:
        raise Malformed(reason)


def check(condition, code, reason):
    if not condition:
        raise Refused(f"{code}: {reason}")


# ---- ristretto255 (RFC 9496) in extended coordinates (X, Y, Z, T) ---------------------------------------------

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
EDWARDS_D = -121665 * pow(121666, -1, FIELD) % FIELD
SQRT_M1 = pow(2, (FIELD - 1) // 4, FIELD)
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
IDENTITY = (0, 1, 1, 0)


def absolute(x):
    x %= FIELD
    return FIELD - x if x & 1 else x


def sqrt_ratio(u, v):
    """(u/v is a square, its non-negative root, or that of SQRT_M1 * u/v)."""
    r = u * pow(v, 3, FIELD) * pow(u * pow(v, 7, FIELD), (FIELD - 5) // 8, FIELD) % FIELD
    check, u = v * r * r % FIELD, u % FIELD
    if check in (-u % FIELD, -u * SQRT_M1 % FIELD):
        r = r * SQRT_M1 % FIELD
    return check in (u, -u % FIELD), absolute(r)


def add(p, q):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = p, q
    a, b = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2)
    c, d = 2 * EDWARDS_D * t1 * t2, 2 * z1 * z2
    e, f, g, h = (b - a) % FIELD, (d - c) % FIELD, (d + c) % FIELD, (b + a) % FIELD
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def linear_combination(terms):
    """sum of scalar * point over the pairs (scalar, point): with shared doublings, of many terms by buckets."""
    terms = [(scalar % ORDER, point) for scalar, point in terms]
    window, total = max(1, len(terms).bit_length() - 3), IDENTITY
    for low in range(253 // window * window, -1, -window):
        for _ in range(window):
            total = add(total, total)
        buckets = {}
        for scalar, point in terms:
            digit = scalar >> low & (1 << window) - 1
            if digit:
                buckets[digit] = add(buckets[digit], point) if digit in buckets else point
        running = None
        for digit in range((1 << window) - 1, 0, -1):
            if digit in buckets:
                running = add(running, buckets[digit]) if running else buckets[digit]
            total = add(total, running) if running else total
    return total


def same_point(p, q):
    return (p[0] * q[1] - p[1] * q[0]) % FIELD == 0 or (p[1] * q[1] - p[0] * q[0]) % FIELD == 0


def decode_point(encoding, code, what):
    """RFC 9496 4.3.1; the identity is refused as well (P 1)."""
    s = int.from_bytes(encoding, "little")
    check(s != 0, code, f"{what} is the identity")
    check(len(encoding) == 32 and s < FIELD and s & 1 == 0, code, f"{what} is not an element encoding")
    u1, u2 = 1 - s * s, 1 + s * s
    v = (-EDWARDS_D * u1 * u1 - u2 * u2) % FIELD
    square, invsqrt = sqrt_ratio(1, v * u2 * u2)
    x = absolute(2 * s * invsqrt * u2)
    y = u1 * invsqrt * invsqrt * u2 * v % FIELD
    t = x * y % FIELD
    check(square and t & 1 == 0 and y != 0, code, f"{what} is not an element encoding")
    return x, y, 1, t


def encode_point(point):
    """RFC 9496 4.3.2."""
    x, y, z, t = point
    u1, u2 = (z + y) * (z - y), x * y
    _, invsqrt = sqrt_ratio(1, u1 * u2 * u2)
    den1, den2 = invsqrt * u1 % FIELD, invsqrt * u2 % FIELD
    z_inv = den1 * den2 * t % FIELD
    if t * z_inv % FIELD & 1:
        x, y, den2 = y * SQRT_M1, x * SQRT_M1, den1 * INVSQRT_A_MINUS_D
    if x * z_inv % FIELD & 1:
        y = -y
    return absolute(den2 * (z - y)).to_bytes(32, "little")


def map_to_point(half):
    """RFC 9496 4.3.4, MAP of 32 bytes."""
    t = int.from_bytes(half, "little") % 2**255
    r = SQRT_M1 * t * t % FIELD
    u, v = (r + 1) * (1 - EDWARDS_D**2) % FIELD, (-1 - r * EDWARDS_D) * (r + EDWARDS_D) % FIELD
    square, s = sqrt_ratio(u, v)
    c = -1
    if not square:
        s, c = -absolute(s * t), r
    n = c * (r - 1) * (EDWARDS_D - 1) ** 2 - v
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return w0 * w3 % FIELD, w2 * w1 % FIELD, w1 * w3 % FIELD, w0 * w2 % FIELD


# ---- P 1: byte conventions, generators, values ----------------------------------------------------------------

def sha256(data):
    return hashlib.sha256(data).digest()


def le64(n):
    return struct.pack("<Q", n)


def lp(*items):
    return b"".join(struct.pack("<I", len(item)) + item for item in map(as_bytes, items))


def as_bytes(text):
    return text.encode() if isinstance(text, str) else text


def wide(data):
    return int.from_bytes(data, "little") % ORDER


@functools.cache
def generator(*parts):
    """P 1.1: expand_message_xmd with SHA-512 (RFC 9380 5.3.1; 64 bytes are one block), then the element."""
    tag = b"zkconsent/v1/generator/ristretto255"
    tag += bytes([len(tag)])
    first = hashlib.sha512(bytes(128) + lp(*parts) + struct.pack(">H", 64) + b"\0" + tag).digest()
    uniform = hashlib.sha512(first + b"\x01" + tag).digest()
    return add(map_to_point(uniform[:32]), map_to_point(uniform[32:]))


def id_scalar(semantic_type, canonical):
    """P 1.2."""
    return wide(hashlib.sha512(lp("zkconsent/v1/id", semantic_type, canonical)).digest())


# ---- RFC 8785 and strict JSON (F, introduction) ---------------------------------------------------------------

def canonical_json(value):
    def ordered(v):
        if isinstance(v, dict):
            return {k: ordered(v[k]) for k in sorted(v, key=lambda name: name.encode("utf-16-be"))}
        return [ordered(x) for x in v] if isinstance(v, list) else v
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def strict_json(data, what):
    """The value of `data`, which must be its RFC 8785 form; all numbers in our formats are integers."""
    def members(pairs):
        names = {unicodedata.normalize("NFC", name) for name, _ in pairs}
        demand(len(names) == len(pairs), f"{what}: duplicate member")
        return dict(pairs)

    def integer(text):
        demand(len(text) <= 16 and 0 <= int(text) < 2**53, f"{what}: integer out of range")
        return int(text)

    def no_float(text):
        raise Malformed(f"{what}: not an integer")
    try:
        value = json.loads(data.decode(), object_pairs_hook=members, parse_int=integer, parse_float=no_float,
                           parse_constant=no_float)
        canonical = canonical_json(value) == data
    except (ValueError, RecursionError):
        raise Malformed(f"{what}: not JSON") from None
    demand(canonical, f"{what} is not canonical")
    return value


def members_of(value, what, **types):
    """The members of an object that must have exactly these names and types."""
    demand(isinstance(value, dict) and set(value) == set(types), f"{what}: members")
    for name, kind in types.items():
        demand(type(value[name]) in (kind if isinstance(kind, tuple) else (kind,)), f"{what}: {name}")
    return [value[name] for name in types]


def hashes(texts, what):
    demand(len(texts) <= 128 and all(isinstance(t, str) and re.fullmatch("[0-9a-f]{64}", t) for t in texts), what)
    return [bytes.fromhex(t) for t in texts]


# ---- YAML, schema, policy (F) ---------------------------------------------------------------------------------

class Quoted(str):
    """A scalar in quotes: never an integer or a boolean."""


def read_yaml(path):
    """Restricted YAML as nested dicts and lists of text; every reader converts the scalars it needs."""
    try:
        with open(path, "rb") as file:
            data = file.read()
        demand(len(data) <= 256 * 1024, f"{path}: too large")
        for line in re.split(b"[\n\r]", data):
            comment = line.isascii() and line.lstrip(b" \t").startswith(b"#") and not set(b"\"'") & set(line)
            token = rb"""(?:^|(?<=[\x00-\x20\x80-\xff\[\]{},:?"'|>#%-]))(?:[&*](?![ \t]|$)|!(?! |$))"""
            demand(comment or not re.search(token, line), f"{path}: anchor, alias or tag")
        root, count = yaml.compose(data.decode(), Loader=yaml.BaseLoader), 0
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise Malformed(f"{path}: {error}") from None

    def build(node, depth):
        nonlocal count
        count += 1
        demand(depth <= 32 and count <= 10_000, f"{path}: too deep or too many nodes")
        if isinstance(node, yaml.MappingNode):
            pairs = [(build(k, depth + 1), build(v, depth + 1)) for k, v in node.value]
            demand(all(isinstance(k, str) for k, _ in pairs) and len({k for k, _ in pairs}) == len(pairs), f"{path}: keys")
            return dict(pairs)
        if isinstance(node, yaml.SequenceNode):
            return [build(item, depth + 1) for item in node.value]
        demand(node is not None and node.value, f"{path}: empty text")
        return Quoted(node.value) if node.style else node.value
    return build(root, 0)


def fields(value, what, required, optional=()):
    demand(isinstance(value, dict) and set(required) <= set(value) <= set(required) | set(optional), f"{what}: keys")
    return value


def integer(text, low, high, what):
    plain = isinstance(text, str) and not isinstance(text, Quoted) and re.fullmatch("(?a:0|[1-9][0-9]{0,19})", text)
    demand(plain and low <= int(text) <= high, what)
    return int(text)


def boolean(text, what):
    demand(not isinstance(text, Quoted) and text in ("true", "false"), what)
    return text == "true"


def day_number(text, what):
    """Days since 1970-01-01 (P 1)."""
    try:
        demand(re.fullmatch(r"(?a:\d{4}-\d\d-\d\d)", text) and "1970" <= text[:4] <= "2199", what)
        return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days
    except (TypeError, ValueError):
        raise Malformed(what) from None


def day_text(day):
    return str(datetime.date(1970, 1, 1) + datetime.timedelta(day))


NAME = re.compile("[A-Za-z][A-Za-z0-9_-]{0,63}")
BUILT_IN_SCHEMAS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "circuits", "schemas")
LAST_DAY = 84_005                                              # 2199-12-31


class Schema:
    def __init__(self, path):
        source = fields(read_yaml(path), "schema", ["schema", "version", "calendar", "attributes", "flags"])
        calendar = fields(source["calendar"], "calendar", ["from", "days"])
        self.first_day = day_number(calendar["from"], "calendar from")
        self.days = range(self.first_day, self.first_day + integer(calendar["days"], 1, 36525, "calendar days"))
        demand(self.days[-1] <= LAST_DAY, "calendar ends after 2199")
        self.attributes = {}                                   # name -> {"name", "kind", "type" or "unit"}, in order
        for a in source["attributes"]:
            demand(a["kind"] in ("id", "uint") and a.get("unit", "day") == "day", "attribute kind or unit")
            is_id = a["kind"] == "id"
            fields(a, "attribute", ["name", "kind", "type"] if is_id else ["name", "kind"], [] if is_id else ["unit"])
            demand(a["name"] not in self.attributes, "attribute twice")
            self.attributes[a["name"]] = a
        self.groups = {fields(g, "flags", ["group", "values"])["group"]: g["values"] for g in source["flags"]}
        self.flags = [(group, value) for group, values in self.groups.items() for value in values]
        names = list(self.attributes) + [g["group"] for g in source["flags"]]
        types = [a["type"] for a in self.attributes.values() if a["kind"] == "id"]
        demand(all(NAME.fullmatch(n) for n in names + types + [source["schema"]] + [f for _, f in self.flags]), "schema: names")
        demand(len(set(names)) == len(names) and not {"id", "in_force"} & set(names), "schema: names")
        demand(len(set(self.flags)) == len(self.flags) <= 1024 and all(self.groups.values()), "schema: flags")
        demand(len(self.attributes) <= 64, "schema: too many attributes")
        for name in ("record", "subject", "controller"):
            demand(self.attributes.get(name, {}).get("type") == name, f"schema: {name}")
        self.digest = sha256(canonical_json({
            "attributes": list(self.attributes.values()), "calendar": {"days": len(self.days), "from": day_text(self.first_day)},
            "flags": [{"group": g, "values": v} for g, v in self.groups.items()],
            "schema": source["schema"], "version": integer(source["version"], 1, 10**6, "schema version")}))
        # P 1.1
        self.blinding = generator("blinding")
        self.data_record, self.data_subject = generator("data", "record"), generator("data", "subject")
        self.attribute_base = {a: generator("attribute", self.digest, a) for a in self.attributes}
        self.flag_base = {flag: generator("flag", self.digest, *flag) for flag in self.flags}
        every = [self.blinding, self.data_record, self.data_subject, *self.attribute_base.values(), *self.flag_base.values()]
        self.distinct = {encode_point(g) for g in every} | {bytes(32)}
        demand(len(self.distinct) == len(every) + 1, "schema: equal generators")

    @functools.cached_property
    def day_base(self):
        """Made where they are used: point proofs do without."""
        bases = {d: generator("day", struct.pack("<I", d)) for d in self.days}
        every = self.distinct | {encode_point(g) for g in bases.values()}
        demand(len(every) == len(self.distinct) + len(bases), "schema: equal generators")
        return bases

    def is_id(self, name):
        return self.attributes[name]["kind"] == "id"

    def scalar(self, name, value):
        """P 1.2: of canonical bytes or an integer."""
        return id_scalar(self.attributes[name]["type"], value) if self.is_id(name) else value

    def value(self, name, value, limit=2**64):
        """Canonical bytes of an id or an integer, from the forms of a normalised consent (F)."""
        attribute = self.attributes[name]
        if attribute["kind"] == "uint":
            if attribute.get("unit") == "day" and "-" in str(value):
                return day_number(value, name)
            return integer(str(value), 0, limit - 1, name)    # quoted or not
        demand(isinstance(value, str), name)
        canonical = hashes([value], name)[0] if attribute["type"] == "record" else as_bytes(value)
        demand(len(canonical) <= 65_535, f"{name}: too long")
        return canonical

    def written(self, name, value):
        """The one form in which a file has a value (F, point proof)."""
        if self.is_id(name):
            return value.hex() if self.attributes[name]["type"] == "record" else value.decode()
        if self.attributes[name].get("unit") == "day":
            return day_text(value) if value <= LAST_DAY else str(value)
        return value if value < 2**53 else str(value)

    def constant(self, name, text):
        """(the value in the statement's normal form, its scalar)."""
        demand(name in self.attributes, name)
        canonical = self.value(name, text, 2**53)
        return text if self.is_id(name) else canonical, self.scalar(name, canonical)

    def flag_clause(self, clause, *sources):
        """(pairs of group and flag, the normal form) of `require` or `forbid`."""
        chosen, pairs = {}, []
        for source in sources:
            demand(all(isinstance(values, list) and values for values in source.values()), clause)
            for g, values in source.items():
                chosen[g] = chosen.get(g, []) + values
                pairs += [(g, f) for f in values]
        demand(set(pairs) <= set(self.flags) and len(set(pairs)) == len(pairs), clause)
        return pairs, {g: sorted(values) for g, values in chosen.items()}


class Branch:
    """Flags and constants that hold together: a statement's common ones, or with one of its alternatives."""

    def __init__(self, required, forbidden, constants):
        self.required, self.forbidden, self.constants = required, forbidden, constants

    def __add__(self, other):
        return Branch(self.required + other.required, self.forbidden + other.forbidden, {**self.constants, **other.constants})


class Part:
    """The clauses for one schema: those for all and its own (F, Several schemas)."""

    def __init__(self, file, s, own):
        self.schema = schema = Schema(file)
        self.in_force, days = range(0), None
        if "in_force" in s:
            interval = s["in_force"]
            if set(interval) == {"on"}:
                interval = {"from": interval["on"], "to": interval["on"]}
            first, last = (day_number(fields(interval, "in_force", ["from", "to"])[k], "in_force") for k in ("from", "to"))
            demand(first <= last and first in schema.days and last in schema.days, "in_force outside the calendar")
            self.in_force, days = range(first, last + 1), {"from": day_text(first), "to": day_text(last)}

        self.required, require = schema.flag_clause("require", s.get("require", {}), own.get("require", {}))
        self.forbidden, forbid = schema.flag_clause("forbid", s.get("forbid", {}), own.get("forbid", {}))
        demand(not set(self.required) & set(self.forbidden), "a flag required and forbidden")
        common, extra = s.get("constants", {}), own.get("constants", {})
        demand(isinstance(common, dict) and isinstance(extra, dict) and not set(common) & set(extra), "constants")
        constants = {**common, **extra}
        for clause, value, kind in (("constants", constants, dict), ("link", s["link"], list)):
            demand(isinstance(value, kind) and value and set(value) <= set(schema.attributes), clause)
        self.revealed, self.links = s.get("reveal", []), sorted(s["link"])
        demand("controller" in constants and set(self.links) <= {"record", "subject"}, "statement: controller or link")
        demand(isinstance(self.revealed, list) and set(self.revealed) <= set(schema.attributes), "reveal")
        demand("reveal" not in s or self.revealed, "reveal")
        self.under_clause = [*constants, *self.revealed, *self.links]
        self.ranges = self.read_ranges(s)                      # name -> (min, max or None)
        named = [*self.under_clause, *self.ranges]
        demand(len(set(named)) == len(named), "an attribute under two clauses")
        self.revealed = [a for a in schema.attributes if a in self.revealed]
        normal = {name: schema.constant(name, text) for name, text in constants.items()}
        self.constants = {name: scalar for name, (_, scalar) in normal.items()}
        self.read_alternatives(s)
        bounds = {a: {"min": low} if high is None else {"max": high, "min": low} for a, (low, high) in self.ranges.items()}
        self.normal = {
            **({"range": bounds} if bounds else {}), **({"range_bits": self.bits} if bounds or self.bits != 32 else {}),
            **({"any_of": [normal for normal, _ in self.alternatives]} if self.alternatives else {}),
            "constants": {name: value for name, (value, _) in normal.items()}, "forbid": forbid, "require": require,
            "in_force": days, "link": self.links, "reveal": self.revealed,
            "schema": schema.digest.hex(), "statement": VERSION}
        # P 3: what the clauses leave unconstrained
        self.tail_attributes = [schema.attribute_base[a] for a in schema.attributes if a not in self.under_clause]
        self.tail_flags = [schema.flag_base[f] for f in schema.flags if f not in self.required + self.forbidden]

    def read_ranges(self, s):
        """F, `range` and `range_bits`."""
        ranges = {}
        demand("range" not in s or isinstance(s["range"], dict) and s["range"], "range")
        for name, bounds in s.get("range", {}).items():
            fields(bounds, "range", ["min"], ["max"])
            demand(name in self.schema.attributes and not self.schema.is_id(name), "range: not a uint")
            low, high = (self.schema.constant(name, bounds[k])[1] if k in bounds else None for k in ("min", "max"))
            demand(high is None or low <= high, "range: min is above max")
            ranges[name] = low, high
        demand(sum(1 + (high is not None) for _, high in ranges.values()) <= 64, "range: too many claims")
        widest = max([high - low for low, high in ranges.values() if high is not None], default=0)
        self.bits = integer(s["range_bits"], 8, 64, "range_bits") if "range_bits" in s else 32 if widest < 2**32 else 64
        demand(self.bits in (8, 16, 32, 64) and widest < 2**self.bits, "range_bits")
        demand("range_bits" not in s or ranges or self.in_force, "range_bits")
        return {name: ranges[name] for name in self.schema.attributes if name in ranges}

    def read_alternatives(self, s):
        """F, `any_of`: (normal form, clauses) in the order of the bytes of the normal form."""
        self.alternatives, texts = [], s.get("any_of", [])
        demand(isinstance(texts, list) and ("any_of" not in s or 2 <= len(texts) <= 16), "any_of")
        for text in texts:
            fields(text, "any_of", [], ["require", "forbid", "constants"])
            (required, require), (forbidden, forbid) = (self.schema.flag_clause(k, text.get(k, {})) for k in ("require", "forbid"))
            constants = {name: self.schema.constant(name, value) for name, value in text.get("constants", {}).items()}
            demand(required or forbidden or constants, "any_of: an alternative says nothing")
            flags = [*required, *forbidden]
            demand(len(set(flags)) == len(flags) and not set(flags) & {*self.required, *self.forbidden}, "any_of: flags")
            demand(not set(constants) & {*self.under_clause, *self.ranges}, "any_of: an attribute under two clauses")
            normal = {"constants": {name: value for name, (value, _) in constants.items()}, "forbid": forbid, "require": require}
            self.alternatives.append((normal, Branch(required, forbidden, {name: scalar for name, (_, scalar) in constants.items()})))
        self.alternatives.sort(key=lambda pair: canonical_json(pair[0]))
        demand(all(a != b for (a, _), (b, _) in zip(self.alternatives, self.alternatives[1:])), "any_of: equal alternatives")

    def branches(self):
        """P 12.4: the common clauses with those of each alternative."""
        common = Branch(self.required, self.forbidden, self.constants)
        return [common + own for _, own in self.alternatives] or [common]

    def fixed(self):
        """What required flags, days and constants take out of every consent of the schema: (scalar, base)."""
        return ([(1, self.schema.flag_base[f]) for f in self.required] + [(1, self.schema.day_base[d]) for d in self.in_force]
                + [(v, self.schema.attribute_base[a]) for a, v in self.constants.items()])


class Policy:
    def __init__(self, path):
        source = fields(read_yaml(path), "policy", ["policy", "statement", "acceptance"])
        s = fields(source["statement"], "statement", ["schema", "link"],
                   ["constants", "in_force", "range", "range_bits", "any_of", "require", "forbid", "reveal"])
        demand(NAME.fullmatch(source["policy"]), "policy: name")
        demand("constants" in s or isinstance(s["schema"], list), "constants")
        elements = s["schema"] if isinstance(s["schema"], list) else [s["schema"]]
        demand(1 <= len(elements) <= 8, "number of schemas")
        parts = []
        for element in elements:
            own = fields(element, "schema", ["name"], ["require", "forbid", "constants"]) if isinstance(element, dict) else {"name": element}
            if own["name"].endswith(".yaml"):
                file = os.path.join(os.path.dirname(path), own["name"])
            else:
                demand(NAME.fullmatch(own["name"]), "schema: name")
                file = os.path.join(BUILT_IN_SCHEMAS, own["name"] + ".yaml")
            parts.append(Part(file, s, own))
        self.parts = parts = sorted(parts, key=lambda part: part.schema.digest)
        self.digests = [part.schema.digest for part in parts]
        demand(len({digest[:16] for digest in self.digests}) == len(parts), "a schema twice")
        for name in [*s.get("constants", {}), *s.get("reveal", [])]:
            kinds = [{k: v for k, v in part.schema.attributes[name].items() if k != "name"} for part in parts]
            demand(all(kind == kinds[0] for kind in kinds), "an attribute of two kinds")
        self.schema, self.in_force, self.links, self.revealed = parts[0].schema, parts[0].in_force, parts[0].links, parts[0].revealed
        self.required, self.forbidden, self.constants = parts[0].required, parts[0].forbidden, parts[0].constants
        normal = parts[0].normal if len(parts) == 1 else {"schemas": [part.normal for part in parts], "statement": VERSION}
        self.statement_digest = sha256(canonical_json(normal))
        self.read_acceptance(source["acceptance"])

    @functools.cached_property
    def tail(self):
        """P 3 and 4.6: attributes of every schema, flags of every schema, days of any calendar once, H."""
        days = {d: base for part in self.parts for d, base in part.schema.day_base.items()}
        return ([base for part in self.parts for base in part.tail_attributes] + [base for part in self.parts for base in part.tail_flags]
                + [days[d] for d in sorted(days) if d not in self.in_force] + [self.schema.blinding])

    def read_acceptance(self, source):
        a = fields(source, "acceptance", ["ledgers", "freshness"], ["logged_by", "minimum_distinct_consents", "one_to_one", "context"])
        demand(1 <= len(a["ledgers"]) <= 64, "number of ledgers")
        self.ledgers = {}                                      # origin -> (public key, cosigners {(name, id): key}, quorum)
        for ledger in a["ledgers"]:
            fields(ledger, "ledger", ["origin", "key", "cosigners"])
            name, key = verifier_key(ledger["key"], 0x01)
            demand(name == ledger["origin"] and name not in self.ledgers, "ledger key name or origin twice")
            named = fields(ledger["cosigners"], "cosigners", ["quorum", "keys"])
            keys = [verifier_key(text, 0x04) for text in named["keys"]]
            demand(1 <= len(keys) <= 64 and len({k for _, k in keys} | {key}) == len(keys) + 1, "cosigner key twice")
            cosigners = {(n, key_id(n, 0x04, k)): k for n, k in keys}
            self.ledgers[name] = key, cosigners, integer(named["quorum"], 1, len(keys), "quorum")
        fields(a["freshness"], "freshness", [], ["current", "as_of"])
        demand(len(a["freshness"]) == 1 and boolean(a["freshness"].get("as_of", "true"), "freshness"), "freshness")
        self.maximum_age = None                                # None: as_of
        demand("current" in a["freshness"] or self.in_force, "as_of without in_force")
        if "current" in a["freshness"]:
            age = re.fullmatch("(?a:([1-9][0-9]{0,9})([dhm]))", a["freshness"]["current"])
            demand(age, "freshness")
            self.maximum_age = int(age[1]) * {"d": 86400, "h": 3600, "m": 60}[age[2]]
            demand(self.maximum_age <= 3660 * 86400, "freshness")
        self.logged_by = day_number(a["logged_by"], "logged_by") if "logged_by" in a else None
        self.minimum = integer(a.get("minimum_distinct_consents", "1"), 1, 2**32, "minimum_distinct_consents")
        self.counts_consents = "minimum_distinct_consents" in a
        self.one_to_one = boolean(a.get("one_to_one", "false"), "one_to_one")
        self.context = a.get("context")
        demand(self.context is None or isinstance(self.context, str), "context")


# ---- C2SP signed notes, checkpoints, cosignatures -------------------------------------------------------------

def key_id(name, algorithm, key):
    return sha256(name.encode() + b"\n" + bytes([algorithm]) + key)[:4]


def unbase64(text, what):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Malformed(what) from None
    demand(base64.b64encode(data).decode() == text, what)
    return data


def valid_name(name):
    return 0 < len(name.encode()) <= 1024 and not any(c == "+" or c < " " or c.isspace() for c in name)


SMALL_ORDER_Y = {bytes.fromhex(y) for y in (
    "01" + "00" * 31, "ec" + "ff" * 30 + "7f", "00" * 32, "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")}


def verifier_key(text, algorithm):
    parts = text.split("+", 2)
    demand(len(parts) == 3 and valid_name(parts[0]), "verifier key")
    name, data = parts[0], unbase64(parts[2], "verifier key")
    demand(len(data) == 33 and data[0] == algorithm and parts[1] == key_id(name, algorithm, data[1:]).hex(), "verifier key")
    y = data[1:32] + bytes([data[32] & 127])
    demand(int.from_bytes(y, "little") < FIELD and y not in SMALL_ORDER_Y, "verifier key: public key")
    return name, data[1:]


def signature_valid(key, signature, message):
    """P 1; OpenSSL checks the range of S and the equation without cofactor."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
        return True
    except (InvalidSignature, ValueError):
        return False


def read_note(note):
    """(text, origin, size, root, [((name, key id), signature)]) of a checkpoint by its form alone."""
    demand(len(note.encode()) <= 1 << 20 and not any(c < " " and c != "\n" for c in note), "not a note")
    body, separator, lines = note.rpartition("\n\n")
    body, lines, signatures = body + "\n", lines[:-1].split("\n"), []
    origin, *rest = body.split("\n")
    demand(separator and note.endswith("\n") and len(rest) >= 3 and "" not in (origin, *rest[:-1]), "not a note")
    size, root = integer(rest[0], 0, 2**63 - 1, "size"), unbase64(rest[1], "root")
    demand(len(root) == 32 and (size or root == tree_root([])), "root")
    demand(len(lines) <= 64, "too many signatures")
    for line in lines:
        parts = line.split(" ")
        demand(len(parts) == 3 and parts[0] == "\u2014" and valid_name(parts[1]), "signature line")
        data = unbase64(parts[2], "signature line")
        demand(len(data) > 4, "signature line")
        signatures.append(((parts[1], data[:4]), data[4:]))
    return body, origin, size, root, signatures


class Checkpoint:
    """A note of the log `origin`/`log`: the ledger's signature and the quorum are required (P 4.3); its time is P 8."""

    def __init__(self, note, origin, log, policy):
        try:
            self.read(note, f"{origin}/{log}", *policy.ledgers[origin])
        except Malformed as error:                             # a note is evidence: the bundle can be read without it
            raise Refused(f"checkpoint: {log}: {error}") from None

    def read(self, note, name, key, cosigners, quorum):
        body, origin, self.size, self.root, signatures = read_note(note)
        demand(origin == name, "origin")
        issuer, signed, times = (name, key_id(name, 0x01, key)), False, {}
        for signer, value in signatures:
            if signer == issuer:
                demand(len(value) == 64 and signature_valid(key, value, body.encode()), "signature")
                signed = True
            elif signer in cosigners:                          # unknown keys are ignored
                time = int.from_bytes(value[:8], "big")
                message = f"cosignature/v1\ntime {time}\n{body}".encode()
                demand(len(value) == 72 and time < 2**63 and signature_valid(cosigners[signer], value[8:], message), "cosignature")
                times[signer] = max(time, times.get(signer, 0))
        demand(signed, "signature missing")
        check(len(times) >= quorum, "quorum", name)
        self.time = sorted(times.values(), reverse=True)[quorum - 1]


# ---- RFC 6962 trees -------------------------------------------------------------------------------------------

def leaf_hash(leaf):
    return sha256(b"\0" + leaf)


def node_hash(left, right):
    return sha256(b"\1" + left + right)


def tree_root(leaf_hashes):
    level = leaf_hashes or [sha256(b"")]
    while len(level) > 1:
        level = [node_hash(*level[i:i + 2]) if i + 1 < len(level) else level[i] for i in range(0, len(level), 2)]
    return level[0]


def check_inclusion(log, known, proof, code):
    """Batch inclusion proof (F) of the pairs (index, hash), ascending; of one leaf it is RFC 6962's audit path."""
    check(known, code, "no entries")
    check(all(index < log.size for index, _ in known), code, "index beyond the log")
    size, proof = log.size, list(reversed(proof))
    while size > 1:
        above, todo = [], list(reversed(known))
        while todo:
            index, node = todo.pop()
            if index % 2 == 0 and todo and todo[-1][0] == index + 1:
                node = node_hash(node, todo.pop()[1])
            elif index % 2 == 1 or index + 1 < size:
                check(proof, code, "too few hashes")
                sibling = proof.pop()
                node = node_hash(sibling, node) if index % 2 else node_hash(node, sibling)
            above.append((index // 2, node))
        known, size = above, (size + 1) // 2
    check(not proof, code, "unused hashes")
    check(known[0][1] == log.root, code, "root")


def consistent(old, new, proof):
    """RFC 9162 2.1.4.2 from one checkpoint to a later one."""
    if not 0 < old.size <= new.size:
        return False
    if old.size == new.size:
        return not proof and old.root == new.root
    path = ([old.root] if old.size & (old.size - 1) == 0 else []) + proof
    f, s = old.size - 1, new.size - 1
    while f & 1:
        f, s = f >> 1, s >> 1
    if not path:
        return False
    first = second = path[0]
    for c in path[1:]:
        if s == 0:
            return False
        if f & 1 or f == s:
            first, second = node_hash(c, first), node_hash(c, second)
            while f and not f & 1:
                f, s = f >> 1, s >> 1
        else:
            second = node_hash(second, c)
        f, s = f >> 1, s >> 1
    return s == 0 and first == old.root and second == new.root


# ---- Bundle file (F) ------------------------------------------------------------------------------------------

class BundleFile:
    """F, Bundle: a file whose layout is fully determined by the auditor's policy and a few sizes in the header."""

    def __init__(self, data, policy):
        demand(len(data) >= 8, "file too short")
        length = struct.unpack_from("<Q", data)[0]
        demand(0 < length <= min(1 << 24, len(data) - 8) and length % 8 == 0, "header length")
        raw = data[8:8 + length]
        text = raw.rstrip(b" ")
        demand(len(raw) - len(text) < 8, "header is not canonical")
        self.header = strict_json(text, "header")
        demand(isinstance(self.header, dict), "header")
        metadata, version = members_of(self.header.pop("__metadata__", None), "metadata", bundle=str, format=str)
        demand(version == f"zkconsent-bundle/{VERSION}", "bundle format")
        self.data = data[8 + length:]
        self.read_metadata(strict_json(metadata.encode(), "bundle metadata"))
        self.read_tensors(policy)
        self.check_columns()

    def read_statement(self, form, expected, statement, schemas, suite, version):
        demand((form, suite, version) == (expected, "ristretto255", VERSION), "form, kind, suite or version")
        self.statement, *self.schemas = hashes([statement, *schemas], "schema or statement")

    def read_ledgers(self, ledgers):
        demand(1 <= len(ledgers) <= 64, "number of ledgers")
        self.ledgers = [members_of(v, "ledger", consents=str, logged=(dict, type(None)), origin=str, revocations=str) for v in ledgers]
        for _, logged, _, _ in self.ledgers:
            if logged is not None:
                _, proof = members_of(logged, "logged", checkpoint=str, consistency=list)
                logged["consistency"] = hashes(proof, "logged: consistency")
        origins = [origin.encode() for _, _, origin, _ in self.ledgers]
        demand(all(a < b for a, b in zip(origins, origins[1:])), "ledgers are not ascending")

    def read_columns(self, layout):
        """The tensors of `layout`, [(name, type, shape)], in this order and without gaps; None is any number."""
        demand(set(self.header) == {name for name, _, _ in layout}, "tensors are not those of the policy")
        offset, self.tensors, self.shapes = 0, {}, {}
        for name, dtype, shape in layout:
            offsets, found_type, found = members_of(self.header[name], name, data_offsets=list, dtype=str, shape=list)
            demand(len(found) == len(shape) and all(type(n) is int for n in [*found, *offsets]), f"{name}: shape")
            size = 8 if dtype == "U64" else 1
            for dimension in found:
                size *= dimension
            demand(all(wanted in (None, n) for wanted, n in zip(shape, found)), f"{name}: shape")
            demand(all(found[1:]), f"{name}: a width of zero")
            demand(found_type == dtype and offsets == [offset, offset + size], f"{name}: size, type or place")
            demand(offset + size <= len(self.data), "file too short")
            self.tensors[name], self.shapes[name] = bytes(self.data[offset:offset + size]), found
            offset += size
        demand(offset == len(self.data), "bytes after the last tensor")

    def numbers_in(self, name):
        return [v for v, in struct.iter_unpack("<Q", self.tensors[name])]

    def rows_of(self, name):
        data, shape = self.tensors[name], self.shapes[name]
        count, width = shape if len(shape) > 1 else ((len(data) + 31) // 32, 32)
        return [data[i * width:(i + 1) * width] for i in range(count)]

    def covering_layout(self, policy):
        """The columns before the proofs in bundles whose rows name their entries."""
        n, e, numbers = self.n, self.e, range(len(self.ledgers))
        numbered, texts = self.revealed_layout(policy, e)
        return [("consent", "U64", [n]), ("entry_ledger", "U64", [e]), ("entry_index", "U64", [e]), *numbered,
                ("data_points", "U8", [n, 32]), ("entries", "U8", [e, 118]), *((f"inclusion.{k}", "U8", [None, 32]) for k in numbers),
                *((f"revocations.{k}", "U8", [None, 34]) for k in numbers), *texts]

    def read_covering(self, policy):
        self.positions, self.entry_ledger, self.entry_index = map(self.numbers_in, ("consent", "entry_ledger", "entry_index"))
        self.read_evidence(policy)

    def read_evidence(self, policy):
        self.data_points, self.entries = self.rows_of("data_points"), self.rows_of("entries")
        self.leaves = [leaf_hash(entry) for entry in self.entries]
        self.inclusion, self.revocations = (
            [self.rows_of(f"{name}.{k}") for k in range(len(self.ledgers))] for name in ("inclusion", "revocations"))
        self.read_revealed(policy)

    def revealed_layout(self, policy, count):
        uints = [a for a in policy.revealed if not policy.schema.is_id(a)]
        ids = [a for a in policy.revealed if policy.schema.is_id(a)]
        return ([*((f"revealed.{a}", "U64", [count]) for a in uints), *((f"revealed.{a}.offsets", "U64", [count + 1]) for a in ids)],
                [(f"revealed.{a}.bytes", "U8", [None]) for a in ids])

    def read_revealed(self, policy):
        self.revealed = {a: self.numbers_in(f"revealed.{a}") for a in policy.revealed if not policy.schema.is_id(a)}
        for a in policy.revealed:
            if not policy.schema.is_id(a):
                continue
            ends, text = self.numbers_in(f"revealed.{a}.offsets"), self.tensors[f"revealed.{a}.bytes"]
            demand(ends[0] == 0 and ends == sorted(ends) and ends[-1] == len(text), f"revealed.{a}: offsets")
            values = [text[i:j] for i, j in zip(ends, ends[1:])]
            for value in values:
                if policy.schema.attributes[a]["type"] == "record":
                    demand(len(value) == 32, f"revealed.{a}: not a record digest")
                else:
                    demand(len(value) <= 65_535, f"revealed.{a}: too long")
                    try:
                        value.decode()
                    except UnicodeDecodeError:
                        raise Malformed(f"revealed.{a}: not UTF-8") from None
            self.revealed[a] = values

    def check_columns(self):
        places = list(zip(self.entry_ledger, self.entry_index))
        demand(all(a < b for a, b in zip(places, places[1:])), "entries are not strictly ascending")
        demand(all(ledger < len(self.ledgers) for ledger, _ in places), "entry in an unknown ledger")
        demand(all(p < self.e for p in self.positions), "a row's position is beyond the entries")
        demand(len(set(self.positions)) == self.e, "an entry is not used")


class Bundle(BundleFile):
    """F: of the kind `dataset`."""

    def read_metadata(self, value):
        (self.context, self.n, self.e, form, self.holder, kind, ledgers, manifest, schema, statement, suite, version) = members_of(
            value, "bundle metadata", context=str, data_points=int, distinct_consents=int, form=str, holder=str, kind=str, ledgers=list,
            manifest=dict, schema=(str, list), statement=str, suite=str, version=int)
        expected = "dataset" if isinstance(schema, str) else "dataset-schemas"
        self.read_statement((form, kind), (f"{expected}/{VERSION}", "dataset"), statement, [schema] if isinstance(schema, str) else schema,
                            suite, version)
        demand(1 <= self.e <= self.n <= 2**32, "N, E or the number of ledgers")
        demand(isinstance(schema, str) or 2 <= len(schema) <= 8, "number of schemas")
        demand(all(a < b for a, b in zip(self.schemas, self.schemas[1:])), "schemas are not ascending")
        self.read_ledgers(ledgers)
        self.manifest = members_of(manifest, "manifest", checkpoint=str, entry=str, inclusion=list, index=int, origin=str)
        self.manifest[2] = hashes(self.manifest[2], "manifest: inclusion")

    def read_tensors(self, policy):
        layout = self.covering_layout(policy) + [("proof", "U8", [None])]
        advice = [("advice.data_points", "U8", [self.n, 32]), ("advice.entries", "U8", [self.e, 32])]
        if any(name in self.header for name, _, _ in advice):
            layout += advice                                # only for speed: never looked at here
        self.read_columns(layout)
        self.read_covering(policy)
        self.proof = self.rows_of("proof")


# ---- P 4.3: the checks before the proof -----------------------------------------------------------------------

def check_header(bundle, policy):
    check(bundle.schemas == policy.digests, "schema", "not the policy's")
    check(bundle.statement == policy.statement_digest, "statement", "not the policy's")
    check(policy.context in (None, bundle.context), "context", bundle.context)


def is_consent(entry):
    """P 2: version, kind, day, schema, K, C, tag."""
    return entry[:2] == bytes([VERSION, 1]) and struct.unpack_from("<I", entry, 2)[0] <= LAST_DAY


def check_entries(bundle, policy):
    for entry in bundle.entries:
        check(entry[:2] == bytes([VERSION, 1]), "entry", "version or kind")
        check(is_consent(entry), "entry", "issuance day")
        check(entry[6:22] in [digest[:16] for digest in policy.digests], "entry", "schema")
    check(len(set(bundle.entries)) == bundle.e, "duplicate-entry", "two entries are equal")


def check_ledger(bundle, k, mine, policy, now):
    """The checks of one ledger with the leaves `mine`, pairs (index, hash): both checkpoints and the withdrawn leaf hashes."""
    consents_note, logged, origin, revocations_note = bundle.ledgers[k]
    check(origin in policy.ledgers, "unknown-ledger", origin)
    consents = Checkpoint(consents_note, origin, "consents", policy)
    revocations = Checkpoint(revocations_note, origin, "revocations", policy)
    check_inclusion(consents, mine, bundle.inclusion[k], "inclusion")
    if policy.logged_by is not None:                           # P 8
        check(logged is not None, "logged-by", "no older checkpoint")
        older = Checkpoint(logged["checkpoint"], origin, "consents", policy)
        check(older.time < 86400 * (policy.logged_by + 1), "logged-by", "checkpoint is later")
        check(consistent(older, consents, logged["consistency"]), "logged-by", "consistency")
        check(all(index < older.size for index, _ in mine), "logged-by", "entry is later")
    listed = bundle.revocations[k]                             # P 7
    whole = len(listed) == revocations.size and tree_root([leaf_hash(r) for r in listed]) == revocations.root
    check(whole, "revocation-list", "root")
    if policy.maximum_age is not None:                         # P 8
        check(revocations.time - now <= 300, "stale", "revocations checkpoint is from the future")
        check(now - revocations.time <= policy.maximum_age, "stale", "revocations checkpoint is too old")
    else:
        check(revocations.time >= 86400 * (policy.in_force[-1] + 1), "stale", "revocations checkpoint is before the end of in_force")
    return consents, revocations, {r[2:] for r in listed}


def check_ledgers(bundle, policy, now):
    """Returns for each ledger (origin, consents checkpoint, revocations checkpoint)."""
    checked = []
    for k, (_, _, origin, _) in enumerate(bundle.ledgers):
        mine = [(bundle.entry_index[j], bundle.leaves[j]) for j in range(bundle.e) if bundle.entry_ledger[j] == k]
        consents, revocations, revoked = check_ledger(bundle, k, mine, policy, now)
        check(not any(leaf in revoked for _, leaf in mine), "revoked", "a consent is withdrawn")
        checked.append((origin, consents, revocations))
    return checked


def check_manifest(bundle, policy):
    """Returns (origin, root)."""
    note, text, inclusion, index, origin = bundle.manifest
    try:
        demand(len(text.encode()) <= 8192, "too long")
        n, dataset, holder, kind, root, version = members_of(
            strict_json(text.encode(), "leaf"), "leaf", data_points=int, dataset=str, holder=str, kind=str, root=str, version=int)
        demand((kind, version) == ("manifest", VERSION), "kind or version")
        demand(1 <= n <= 2**32 and all(1 <= len(name.encode()) <= 1024 for name in (dataset, holder)), "values")
        root = hashes([root], "root")[0]
    except Malformed as error:
        raise Refused(f"manifest: {error}") from None
    check(origin in policy.ledgers, "registry", "ledger is not in the policy")
    registry = Checkpoint(note, origin, "registry", policy)
    check_inclusion(registry, [(index, leaf_hash(text.encode()))], inclusion, "registry")
    check(holder == bundle.holder, "manifest", "holder")
    check(n == bundle.n, "manifest", "number of data points")
    check(root == tree_root([leaf_hash(d) for d in bundle.data_points]), "manifest", "root of the data points")
    return origin, root


def check_counts(bundle, policy):
    check(not policy.one_to_one or bundle.n == bundle.e, "one-to-one", "an entry covers several rows")
    check(bundle.e >= policy.minimum, "too-few", "distinct consents")


# ---- P 4: the proof -------------------------------------------------------------------------------------------

class Transcript:
    """SHAKE128 duplex sponge of draft-irtf-cfrg-fiat-shamir-03; we never squeeze twice without absorbing."""

    def __init__(self, session):
        self.state = hashlib.shake_128(session + bytes(168 - 32))

    def absorb(self, data):
        self.state.update(data)

    def squeeze(self, count):
        return self.state.digest(count)


def derive_session(tag):
    sponge = Transcript(b"irtf-cfrg-fiat-shamir/session-id")
    sponge.absorb(tag)
    return sponge.squeeze(32)


def rows_digest(bundle, policy):
    """P 4.2."""
    names = ["consent", "entry_ledger", "entry_index", "data_points", "entries"]
    for a in policy.revealed:
        names += [f"revealed.{a}.offsets", f"revealed.{a}.bytes"] if policy.schema.is_id(a) else [f"revealed.{a}"]
    message = lp("zkconsent/v1/dataset/rows") + le64(bundle.n) + le64(bundle.e)
    for name in names:
        column = bundle.tensors[name]
        message += lp(name) + tree_root([leaf_hash(column[i:i + 1024]) for i in range(0, len(column), 1024)])
    return sha256(message)


def row_weights(seed, n):
    """P 4.1 step 2."""
    weights = []
    for block in range((n + 9) // 10):
        stream = hashlib.shake_128(lp("zkconsent/v1/dataset/weights") + seed + le64(block)).digest(160)
        weights += [int.from_bytes(stream[i:i + 16], "little") for i in range(0, 160, 16)]
    return weights[:n]


def check_proof(bundle, policy, manifest, ledgers, trace):
    schema, (manifest_origin, manifest_root), parts = policy.schema, manifest, policy.parts
    slots = 3 + (len(parts) - 1) * len(policy.links)           # P 4.6: one more for each link of each further schema
    # P 4.1 steps 5 and 6: `rounds` halvings leave `left` scalars; t_D t_C, three responses, A_0 B_0 ..., what is left
    padded, rounds, left = 4, 0, min(len(policy.tail), 4)
    while padded < len(policy.tail):
        padded, rounds = 2 * padded, rounds + 1
    check(len(b"".join(bundle.proof)) == 32 * (2 + slots + 2 * rounds + left), "proof", "length")
    tail = 2 + slots
    crosses = bundle.proof[tail:tail + 2 * rounds]
    t_d, t_c = (decode_point(p, "proof", what) for p, what in zip(bundle.proof, ("t_D", "t_C")))
    crossed = [decode_point(p, "proof", f"{'AB'[i % 2]}_{i // 2}") for i, p in enumerate(crosses)]
    scalars = [int.from_bytes(z, "little") for z in bundle.proof[2:tail] + bundle.proof[tail + 2 * rounds:]]
    check(all(z < ORDER for z in scalars), "proof", "a scalar is not canonical")
    z_data, w = scalars[:slots], scalars[slots:]
    data_points = [decode_point(d, "encoding", "D of a row") for d in bundle.data_points]
    consents = [decode_point(entry[54:86], "encoding", "C of an entry") for entry in bundle.entries]

    transcript = Transcript(derive_session(b"zkconsent/v1/dataset/ristretto255"))
    listed = [f"dataset/{VERSION}", policy.statement_digest, *policy.digests]
    if len(parts) > 1:
        listed = [f"dataset-schemas/{VERSION}", policy.statement_digest, le64(len(parts)), *policy.digests]
    transcript.absorb(lp("ristretto255", *listed, bundle.holder, bundle.context,
                         le64(bundle.n), manifest_origin, manifest_root, le64(len(ledgers))))
    for k, (origin, log, revocations) in enumerate(ledgers):
        transcript.absorb(lp(le64(k), origin, le64(log.size), log.root, le64(revocations.size), revocations.root))
    rows = rows_digest(bundle, policy)
    transcript.absorb(lp(le64(bundle.e), rows))
    seed = transcript.squeeze(32)
    weights = row_weights(seed, bundle.n)
    transcript.absorb(bundle.proof[0] + bundle.proof[1])
    challenge = wide(transcript.squeeze(48))
    transcript.absorb(b"".join(bundle.proof[2:tail]))
    e = []
    for r in range(rounds):
        transcript.absorb(crosses[2 * r] + crosses[2 * r + 1])
        e.append(wide(transcript.squeeze(48)))
    transcript.absorb(b"".join(bundle.proof[tail + 2 * rounds:]))
    end = transcript.squeeze(32)
    trace.update(schema=b"".join(policy.digests).hex(), statement=policy.statement_digest.hex(), rows=rows.hex(), seed=seed.hex(),
                 first_weight=weights[0].to_bytes(16, "little").hex(), last_weight=weights[-1].to_bytes(16, "little").hex(),
                 challenge=challenge.to_bytes(32, "little").hex(), rounds=b"".join(x.to_bytes(32, "little") for x in e).hex(),
                 end=end.hex())

    # P 4.3: D*, C* from the auditor's own constraints
    entry_weights = [0] * bundle.e
    for weight, position in zip(weights, bundle.positions):
        entry_weights[position] += weight
    folded_data = linear_combination(zip(weights, data_points))
    known = []                                                  # P 4.6: each entry under the clauses for its schema
    for part in parts:
        own = [w if entry[6:22] == part.schema.digest[:16] else 0 for w, entry in zip(entry_weights, bundle.entries)]
        known += [(-sum(own) * v, base) for v, base in part.fixed()]
        known += [(-sum(w * part.schema.scalar(a, v) for w, v in zip(own, bundle.revealed[a])), part.schema.attribute_base[a])
                  for a in policy.revealed]
    folded_consent = linear_combination([*zip(entry_weights, consents), *known])

    bases = {"record": schema.data_record, "subject": schema.data_subject}
    slot_bases = [*bases.values(), schema.blinding] + [bases[a] for _ in parts[1:] for a in policy.links]
    sum_of_data = linear_combination(zip(z_data, slot_bases))
    check(same_point(sum_of_data, add(t_d, linear_combination([(challenge, folded_data)]))), "proof", "equation (2), data points")

    # Equation (3) as step 5 has it: target and generators are folded round by round, not multiplied out.
    shared = [({"record": z_data[0], "subject": z_data[1]}[a], schema.attribute_base[a]) for a in policy.links]
    shared += list(zip(z_data[3:], [part.schema.attribute_base[a] for part in parts[1:] for a in policy.links]))
    target = linear_combination([(1, t_c), (challenge, folded_consent), *((-z, base) for z, base in shared)])
    g = [*policy.tail, *[IDENTITY] * (padded - len(policy.tail))]
    for r in range(rounds):
        target = linear_combination([(1, crossed[2 * r]), (e[r], target), (e[r] * e[r], crossed[2 * r + 1])])
        half = len(g) // 2
        g = [linear_combination([(e[r], lower), (1, upper)]) for lower, upper in zip(g[:half], g[half:])]
    check(same_point(linear_combination(zip(w, g)), target), "proof", "equation (3), consents")


def read_policy(path):
    try:
        return Policy(path)
    except (TypeError, AttributeError, KeyError, ValueError) as error:   # a scalar where a list should be, and so on
        raise Malformed(f"policy or schema: {error!r}") from None


def verify(bundle_bytes, policy, now):
    """Raises Malformed or Refused; returns intermediate values if the bundle holds."""
    trace = {}
    demand(not any(part.ranges or part.alternatives for part in policy.parts), "proof-kind: ranges and alternatives do not fold")
    bundle = Bundle(bundle_bytes, policy)
    check_header(bundle, policy)
    check_entries(bundle, policy)
    ledgers = check_ledgers(bundle, policy, now)
    manifest = check_manifest(bundle, policy)
    check_counts(bundle, policy)
    check_proof(bundle, policy, manifest, ledgers, trace)
    return trace


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundle")
    parser.add_argument("policy")
    parser.add_argument("--at", type=int, required=True, metavar="UNIXTIME")
    parser.add_argument("--trace", action="store_true", help="print intermediate values as JSON")
    options = parser.parse_args()
    try:
        with open(options.bundle, "rb") as file:
            data = file.read()
        trace = verify(data, read_policy(options.policy), options.at)
    except (Malformed, OSError) as error:
        print(f"malformed: {error}")
        return 2
    except Refused as reason:
        print(f"does not hold: {reason}")
        return 1
    print(json.dumps(trace) if options.trace else "holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
