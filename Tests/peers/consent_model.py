# SPDX-License-Identifier: Apache-2.0
"""Independent reference for the consent model (docs/protocol.md sections 1 to 3), in plain Python integers and hashlib.

Reads one JSON request on standard input, writes one JSON answer. Shares no code with the engine.
"""
import datetime
import hashlib
import json
import random
import struct
import sys

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
SQRT_AD_MINUS_ONE = 25063068953384623474111414158702152701244531502492656460079210482610430750235
INVSQRT_A_MINUS_D = 54469307008909316920995813868745141605393597292927456921205312896311721017578
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) ** 2 % P
IDENTITY = (0, 1, 1, 0)


def negative(x):
    return x % P & 1


def absolute(x):
    return (-x if negative(x) else x) % P


def sqrt_ratio_m1(u, v):
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    u %= P
    correct, flipped, flipped_i = check == u, check == -u % P, check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, absolute(r)


def elligator(t):
    r = SQRT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio_m1(u, v)
    c = -1
    if not was_square:
        s, c = -absolute(s * t) % P, r
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1, w2, w3 = 2 * s * v, n * SQRT_AD_MINUS_ONE, 1 - s * s, 1 + s * s
    return (w0 * w3 % P, w2 * w1 % P, w1 * w3 % P, w0 * w2 % P)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    g, h, i, j = f - e, d - c, d + c, f + e
    return (g * h % P, j * i % P, h * i % P, g * j % P)


def mul(k, point):
    result = IDENTITY
    for bit in bin(k % Q)[2:]:
        result = add(result, result)
        if bit == "1":
            result = add(result, point)
    return result


def encode(point):
    x0, y0, z0, t0 = point
    u1, u2 = (z0 + y0) * (z0 - y0) % P, x0 * y0 % P
    _, inverse = sqrt_ratio_m1(1, u1 * u2 * u2)
    den1, den2 = inverse * u1 % P, inverse * u2 % P
    z_inv = den1 * den2 * t0 % P
    if negative(t0 * z_inv):
        x, y, den_inv = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P, den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den_inv = x0, y0, den2
    if negative(x * z_inv):
        y = -y % P
    return absolute(den_inv * (z0 - y)).to_bytes(32, "little")


def lp(data):
    data = data.encode() if isinstance(data, str) else data
    return struct.pack("<I", len(data)) + data


def expand_message_xmd(message, dst, count):
    dst_prime = dst + bytes([len(dst)])
    b0 = hashlib.sha512(bytes(128) + message + count.to_bytes(2, "big") + b"\0" + dst_prime).digest()
    blocks, previous = b"", bytes(64)
    for index in range(1, (count + 63) // 64 + 1):
        previous = hashlib.sha512(bytes(a ^ b for a, b in zip(b0, previous)) + bytes([index]) + dst_prime).digest()
        blocks += previous
    return blocks[:count]


def gen(*parts):
    data = expand_message_xmd(b"".join(lp(p) for p in parts), b"zkconsent/v1/generator/ristretto255", 64)
    field = [int.from_bytes(data[i : i + 32], "little") % 2**255 % P for i in (0, 32)]
    return add(elligator(field[0]), elligator(field[1]))


def identifier(kind, value):
    return int.from_bytes(hashlib.sha512(lp("zkconsent/v1/id") + lp(kind) + lp(value)).digest(), "little") % Q


def canonical(value):
    """RFC 8785 for values whose member names are ASCII and whose numbers are small integers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def day_number(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def generators(request):
    schema = request["schema"]
    digest = hashlib.sha256(canonical(schema)).digest()
    first = day_number(schema["calendar"]["from"])
    return {
        "digest": digest.hex(),
        "blinding": encode(gen("blinding")).hex(),
        "record": encode(gen("data", "record")).hex(),
        "subject": encode(gen("data", "subject")).hex(),
        "attributes": [encode(gen("attribute", digest, a["name"])).hex() for a in schema["attributes"]],
        "flags": [encode(gen("flag", digest, g["group"], f)).hex() for g in schema["flags"] for f in g["values"]],
        "days": [encode(gen("day", struct.pack("<I", first + offset))).hex() for offset in request["offsets"]],
    }


def statement(request):
    """The digest of a statement and the point that its clauses subtract from every row."""
    schema, normal = request["schema"], request["statement"]
    digest = hashlib.sha256(canonical(schema)).digest()
    normal = dict(normal, schema=digest.hex())
    kinds = {a["name"]: a for a in schema["attributes"]}
    total = IDENTITY
    for group, flags in normal["require"].items():
        for flag in flags:
            total = add(total, gen("flag", digest, group, flag))
    if normal["in_force"]:
        for number in range(day_number(normal["in_force"]["from"]), day_number(normal["in_force"]["to"]) + 1):
            total = add(total, gen("day", struct.pack("<I", number)))
    for name, value in normal["constants"].items():
        scalar = identifier(kinds[name]["type"], value) if kinds[name]["kind"] == "id" else value
        total = add(total, mul(scalar, gen("attribute", digest, name)))
    return {"digest": hashlib.sha256(canonical(normal)).hexdigest(), "constraint": encode(total).hex()}


def identifiers(request):
    scalars = [identifier(i["type"], bytes.fromhex(i["bytes"])).to_bytes(32, "little").hex() for i in request["ids"]]
    records = []
    for r in request["csv"]:
        row = b"".join(lp(c) + lp(v) for c, v in zip(r["columns"], r["cells"]))
        key = b"".join(lp(r["cells"][r["columns"].index(k)]) for k in r["key"]) if r["key"] else str(r["number"]).encode()
        records.append(hashlib.sha256(lp("zkconsent/v1/record") + lp(r["dataset"]) + lp(key) + lp(row)).hexdigest())
    return {"scalars": scalars, "records": records}


def es6(value):
    """ECMAScript's layout of the shortest digits, which repr finds."""
    if value == 0:
        return "0"
    sign, mantissa = ("-", repr(-value)) if value < 0 else ("", repr(value))
    mantissa, _, exponent = mantissa.partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits, point = whole + fraction, len(whole) + int(exponent or 0)
    point -= len(digits) - len(digits.lstrip("0"))
    digits = digits.strip("0")
    k = len(digits)
    if k <= point <= 21:
        return sign + digits + "0" * (point - k)
    if 0 < point <= 21:
        return sign + digits[:point] + "." + digits[point:]
    if -6 < point <= 0:
        return sign + "0." + "0" * -point + digits
    return sign + digits[0] + ("." + digits[1:] if k > 1 else "") + "e" + ("-" if point < 1 else "+") + str(abs(point - 1))


def numbers(request):
    source = random.Random(request["seed"])
    patterns = [source.getrandbits(64) for _ in range(request["count"] // 2)]
    patterns += [struct.unpack("<Q", struct.pack("<d", source.uniform(-1, 1) * 10 ** source.randint(-8, 24)))[0] for _ in patterns]
    rows = []
    for bits in patterns:
        value = struct.unpack("<d", struct.pack("<Q", bits))[0]
        if value == value and abs(value) != float("inf"):
            rows.append([format(bits, "016x"), es6(value)])
    return {"numbers": rows}


if __name__ == "__main__":
    request = json.load(sys.stdin)
    answer = {"generators": generators, "statement": statement, "identifiers": identifiers, "numbers": numbers}
    json.dump(answer[request["do"]](request), sys.stdout)
