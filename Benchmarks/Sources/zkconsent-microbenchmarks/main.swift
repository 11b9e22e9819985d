// SPDX-License-Identifier: Apache-2.0
import Benchmark
@_spi(Benchmarks) import Groups
import MerkleLog
import Primitives
import Transcripts

// Single operations, without baselines: `zkconsent bench` compares. Names end with how often a run repeats the operation.

/// Bytes that are the same in every run.
func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 8) } }

typealias G = Ristretto255

let uniform = bytes(64 * 1_024)
let points = G.points(uniformBytes: uniform.span)
let encodings = G.encode(points)
let scalars = (0..<1_024).map { index in
    let wide = Array(uniform[48 * index % 32_000..<48 * index % 32_000 + 48])
    return G.Scalar(reducingWide: wide.span)
}
let shortScalars = (0..<1_024).map { G.Scalar(UInt128($0 + 1) << 100) }
let limbs = scalars.flatMap(\.limbs)
let bases = G.fixedBases([G.generator, points[0]])
let entries = bytes(118 * 1_024)
let leaves = (0..<1_024).map { LeafHash(entry: Array(entries[118 * $0..<118 * $0 + 118])) }

benchmark("field 2^255-19: multiplication, chained x 1000") { FieldBenchmark.chainedMultiplications(1_000) }
benchmark("field 2^255-19: multiplication, four chains x 1000") { FieldBenchmark.independentMultiplications(1_000) }
benchmark("field 2^255-19: squaring, chained x 1000") { FieldBenchmark.chainedSquarings(1_000) }
benchmark("ristretto255: decode x 1024") { _ = try G.decode(canonical: encodings.span) }
benchmark("ristretto255: encode x 1024") { _ = G.encode(points) }
benchmark("ristretto255: hash to group x 1024") { _ = G.points(uniformBytes: uniform.span) }
benchmark("ristretto255: MSM, 128 bits, x 1024") { _ = G.vartimeMultiScalarMul(shortScalars, points) }
benchmark("ristretto255: MSM, 253 bits, x 1024") { _ = G.vartimeMultiScalarMul(scalars, points) }
benchmark("ristretto255: MSM of secrets x 64") { _ = G.multiScalarMul(limbs.span.extracting(0..<256), Array(points[..<64])) }
benchmark("ristretto255: commitments, constant time, x 64") { _ = G.multiScalarMul(rows: 64, limbs.span.extracting(0..<512), bases) }
benchmark("scalars: inner product x 1024") { _ = G.Scalar.innerProduct(scalars, shortScalars) }
benchmark("scalars: multiplication x 1024") { for index in 1..<1_024 { _ = scalars[index] * scalars[index - 1] } }
benchmark("SHAKE128 of 1,600 bytes: 10 permutations") { _ = SHAKE128.hash(Array(uniform[..<1_600]), count: 32) }
benchmark("SHA-256: leaves of 118 bytes x 1024") { _ = try SHA256.hashEach(prefix: 0, recordByteCount: 118, entries) }
benchmark("SHA-256: RFC 6962 tree x 1024") { _ = MerkleTree(leaves).root }

Benchmark.main()
