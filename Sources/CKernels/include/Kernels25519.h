// SPDX-License-Identifier: Apache-2.0
// Vector kernels for ristretto255, eight or twenty-four elements at a time (Sources/CKernels/ifma). Callers ask zk_ifma_available() first;
// where it says 0 the kernels do nothing (ifma/absent.c).
//
// A *point* is 16 words: X, Y, Z, T of extended Edwards coordinates, four little-endian words each, below 2^255 + 2^12.
// A *row form* is 16 words, aligned to 64 bytes: y + x, y - x, 2dxy as five limbs of radix 2^51 each, and a zero.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Whether this processor and system run the AVX-512 IFMA kernels: 1 or 0.
int zk_ifma_available(void);

// MARK: Encodings

/// Decodes `count` strings of 32 bytes (RFC 9496, 4.3.1) to points with Z = 1. Returns the index of the first one that is not a canonical
/// encoding, or `count`; points from that index on have no meaning.
///
/// - `advice`: none, or 32 bytes for each string, the non-negative inverse square root of DESIGN 4.5. It is checked; where it is wrong
///   the block of 24 is computed without it. It cannot change a result.
/// - `roots`: none, or 32 bytes for each string: receives the advice. Not together with `advice`.
/// Timing: variable, public data.
size_t zk_ifma_decode(const uint8_t *bytes, const uint8_t *advice, size_t count, uint64_t *points, uint8_t *roots);

/// Writes the canonical encodings of `count` points (RFC 9496, 4.3.2), 32 bytes each. Timing: constant in the coordinates.
void zk_ifma_encode(const uint64_t *points, size_t count, uint8_t *bytes);

/// Maps `count` strings of 64 uniform bytes to points (RFC 9496, 4.3.4). Timing: constant in the bytes.
void zk_ifma_map(const uint8_t *bytes, size_t count, uint64_t *points);

// MARK: Buckets of a variable-time multi-scalar multiplication (public data)

/// Writes the row forms of `count` points. Fast where points have Z = 1; others share one inversion for 256 of them.
void zk_ifma_rows(const uint64_t *points, size_t count, uint64_t *rows);
/// Writes the row form of the identity.
void zk_ifma_identity_row(uint64_t *row);

/// Adds `bias` to scalars below 2^251 and `large_bias` to larger ones, modulo 2^256; word j of scalar i goes to `out[stride * j + i]`.
/// Only that is written; who reads whole vectors needs eight words more at the end.
void zk_ifma_bias(
    const uint64_t *scalars, size_t count, const uint64_t bias[4], const uint64_t large_bias[4], uint64_t *out, size_t stride);

/// One window of biased scalars: digit = ((scalar >> position) & mask) - offset, in -buckets ... buckets.
typedef struct {
    /// Word j of scalar i is `biased[stride * j + i]`; eight more words may be read.
    const uint64_t *biased;
    size_t stride;
    /// Scalars, below 2^31, and the index of the identity among the rows.
    size_t count;
    uint32_t identity;
    /// The lowest bit of the window, and the power of two with which its sum counts.
    unsigned position, weight;
    uint64_t mask, offset;
    /// A power of two, at most 16,384.
    size_t buckets;
} zk_ifma_window;

/// The sum of a window or of a part of it: `2^position * sum over l in 0 ..< 8 of (weighted[l] + 2^segment_bits * l * plain[l])`. Points as
/// the kernel holds them: limbs of eight lanes.
typedef struct {
    uint64_t weighted[160], plain[160];
    unsigned position, segment_bits;
} zk_ifma_partial;

/// Bytes of the workspace of a window.
size_t zk_ifma_window_bytes(size_t count, size_t buckets);
/// Sums a window: the sum of digit times row. `workspace` is aligned to 64 bytes.
void zk_ifma_window_sum(const zk_ifma_window *window, const uint64_t *rows, void *workspace, zk_ifma_partial *partial);
/// Writes the point that is the sum of `count >= 1` partial sums. Positions do not ascend; those of one position have equal segments, and
/// `segment_bits + 2` is at most the distance to the next higher position.
void zk_ifma_combine(const zk_ifma_partial *partials, size_t count, uint64_t point[16]);

/// Writes `digit + addend` for every scalar of a window; whole vectors.
void zk_ifma_window_digits(const zk_ifma_window *window, uint64_t addend, uint64_t *out);
/// Replaces `count` points by `2^times` times themselves, `times >= 1`.
void zk_ifma_double(uint64_t *points, size_t count, unsigned times);

/// zk_weighted_columns, eight columns at a time.
void zk_ifma_weighted_columns(
    uint64_t *sums, size_t columns, const uint8_t *records, size_t record_bytes, const uint64_t *weights, size_t weight_limbs,
    size_t count);

// MARK: Secret scalars: constant time

/// Tables of fixed public bases: rows `(base * positions + j) * 16 + k` hold `(k + 1) 32^(spacing j)` times the base.
typedef struct {
    const uint64_t *table;
    size_t bases, spacing, positions;
} zk_ifma_comb;

/// Bytes of the workspace of zk_ifma_comb_sums.
size_t zk_ifma_comb_bytes(size_t bases);
/// Writes `rows` points, `sum_b scalars[row][b] * base[b]`; scalars of four words, below 2^253, row-major. `workspace`, aligned to 64 bytes,
/// is wiped. Timing: constant in the scalars.
void zk_ifma_comb_sums(const zk_ifma_comb *comb, const uint64_t *scalars, size_t rows, void *workspace, uint64_t *points);

/// Bytes of the workspace of zk_ifma_straus.
size_t zk_ifma_straus_bytes(size_t count);
/// Writes eight points whose sum is `sum scalars[i] * points[i]`, for scalars of four words below 2^bits, `bits <= 253`, and `count >= 1`.
/// `workspace`, aligned to 64 bytes, is wiped. Timing: constant in the scalars.
void zk_ifma_straus(
    const uint64_t *points, const uint64_t *scalars, size_t count, unsigned bits, void *workspace, uint64_t sums[128]);

/// Bytes of the workspace of zk_ifma_fold.
size_t zk_ifma_fold_bytes(size_t terms);
/// Writes `sums` points, point s is the sum of `scalars[i - 1] * (points[terms * s + i] - points[terms * s])` over `0 < i < terms`; scalars of four
/// words, below 2^253, are the same for all; `terms >= 2`. `workspace`, aligned to 64 bytes, is wiped. Timing: constant in scalars and coordinates.
void zk_ifma_fold(const uint64_t *points, size_t terms, size_t sums, const uint64_t *scalars, void *workspace, uint64_t *out);

/// Entries of a table that secrets choose from: 12 words, `y + x`, `y - x`, `2dxy` of affine points, four words each, below 2^256.
///
/// Writes `rows` points: for each row the sum of the entries `f < count` whose bit is set, bit `f % 64` of word `f / 64` of the row's
/// `words_per_row` words. Timing: constant in the bits.
void zk_ifma_subset_sums(
    const uint64_t *entries, size_t count, const uint64_t *bits, size_t words_per_row, size_t rows, uint64_t *points);
/// Writes `rows` points, entry `indices[i]` each; of an index of `count` or more, a point of no meaning. Timing: constant in the indices.
void zk_ifma_selected(const uint64_t *entries, size_t count, const uint32_t *indices, size_t rows, uint64_t *points);

// MARK: Tests

/// The operations of ifma/field.h, forms.h and power.h that tests look at by themselves.
typedef enum {
    ZK_IFMA_MULTIPLY,
    ZK_IFMA_SQUARE,
    ZK_IFMA_CARRY,
    ZK_IFMA_REDUCE,
    ZK_IFMA_SUBTRACT,
    ZK_IFMA_ABSOLUTE,
    ZK_IFMA_INVERT,
    ZK_IFMA_RAISE_FOR_ROOT
} zk_ifma_operation;

/// One operation on eight elements of five limbs each, lane after lane, uncarried as the operation leaves them.
void zk_ifma_probe(zk_ifma_operation operation, const uint64_t a[40], const uint64_t b[40], uint64_t out[40]);
/// The time stamp counter, once everything before the call is done: for the statistical test of constant time.
uint64_t zk_ifma_cycles(void);
