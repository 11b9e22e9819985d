// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4) of sixteen messages of equal length at a time: lane `i` of every vector belongs to message `i`.
//
// Tree and column hashing is millions of short records of one length, so all messages have the same number of blocks and the same padding.
// One call of the compression function does sixteen blocks in about the time that the SHA instructions take for three.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define LANES 16
#define VECTOR static inline __attribute__((target("avx512f,avx512bw"), always_inline))

/// Sixteen 32-bit words, one for each message.
typedef __m512i words;

static const uint32_t initial_state[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
    0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
    0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
    0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
    0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

// Truth tables of the three-input functions, for vpternlog: the bit for inputs (a, b, c) stands at position 4a + 2b + c.
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define CHOOSE(e, f, g) _mm512_ternarylogic_epi32(e, f, g, 0xca)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xe8)
#define ADD _mm512_add_epi32
#define ROTATE _mm512_ror_epi32

#define BIG_SIGMA_0(a) XOR3(ROTATE(a, 2), ROTATE(a, 13), ROTATE(a, 22))
#define BIG_SIGMA_1(e) XOR3(ROTATE(e, 6), ROTATE(e, 11), ROTATE(e, 25))
#define SMALL_SIGMA_0(w) XOR3(ROTATE(w, 7), ROTATE(w, 18), _mm512_srli_epi32(w, 3))
#define SMALL_SIGMA_1(w) XOR3(ROTATE(w, 17), ROTATE(w, 19), _mm512_srli_epi32(w, 10))

/// One round; the caller renames the eight variables instead of moving them.
#define ROUND(a, b, c, d, e, f, g, h, t)                                                                                        \
    do {                                                                                                                        \
        words w = schedule[(t) & 15];                                                                                           \
        words t1 = ADD(ADD(h, BIG_SIGMA_1(e)), ADD(CHOOSE(e, f, g), ADD(w, _mm512_set1_epi32((int)round_constants[t]))));       \
        d = ADD(d, t1);                                                                                                         \
        h = ADD(t1, ADD(BIG_SIGMA_0(a), MAJORITY(a, b, c)));                                                                    \
    } while (0)

#define EIGHT_ROUNDS(t)                          \
    do {                                         \
        ROUND(a, b, c, d, e, f, g, h, (t) + 0);  \
        ROUND(h, a, b, c, d, e, f, g, (t) + 1);  \
        ROUND(g, h, a, b, c, d, e, f, (t) + 2);  \
        ROUND(f, g, h, a, b, c, d, e, (t) + 3);  \
        ROUND(e, f, g, h, a, b, c, d, (t) + 4);  \
        ROUND(d, e, f, g, h, a, b, c, (t) + 5);  \
        ROUND(c, d, e, f, g, h, a, b, (t) + 6);  \
        ROUND(b, c, d, e, f, g, h, a, (t) + 7);  \
    } while (0)

/// The compression function on sixteen states; `schedule` holds the message blocks and is used up.
VECTOR void compress(words state[8], words schedule[16]) {
    words a = state[0], b = state[1], c = state[2], d = state[3], e = state[4], f = state[5], g = state[6], h = state[7];
    for (int t = 0; t < 64; t += 16) {
        if (t > 0) {
#pragma clang loop unroll(full)
            for (int i = 0; i < 16; i++) {
                words near = ADD(schedule[(i + 9) & 15], SMALL_SIGMA_1(schedule[(i + 14) & 15]));
                schedule[i] = ADD(ADD(schedule[i], SMALL_SIGMA_0(schedule[(i + 1) & 15])), near);
            }
        }
        EIGHT_ROUNDS(t);
        EIGHT_ROUNDS(t + 8);
    }
    words after[8] = {a, b, c, d, e, f, g, h};
    for (int i = 0; i < 8; i++) state[i] = ADD(state[i], after[i]);
}

/// Turns sixteen rows of sixteen words into columns: word `j` of row `i` becomes word `i` of row `j`.
VECTOR void transpose(words m[16]) {
    words t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(m[i], m[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(m[i], m[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        m[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        m[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        m[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        m[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i32x4(m[i], m[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(m[i], m[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_i32x4(m[i + 8], m[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(m[i + 8], m[i + 12], 0xdd);
    }
    for (int i = 0; i < 4; i++) {
        m[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        m[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
        m[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
        m[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

/// The shape of the messages: `prefix_count` (0 or 1) bytes, then a record.
struct shape {
    size_t record_count;
    size_t prefix_count;
    uint8_t prefix;
};

/// What all messages have in common in block `index` of `blocks`: the prefix, the end mark and the length in bits.
static void common_bytes(const struct shape *shape, size_t index, size_t blocks, uint8_t out[64]) {
    size_t message_count = shape->prefix_count + shape->record_count;
    memset(out, 0, 64);
    if (index == 0 && shape->prefix_count) out[0] = shape->prefix;
    if (message_count / 64 == index) out[message_count % 64] = 0x80;
    if (index + 1 == blocks) {
        uint64_t bits = __builtin_bswap64((uint64_t)message_count * 8);
        memcpy(out + 56, &bits, 8);
    }
}

/// One bit for each byte of block `index` that comes from the record.
static uint64_t record_mask(const struct shape *shape, size_t index) {
    size_t first = index == 0 ? shape->prefix_count : 0;
    size_t message_count = shape->prefix_count + shape->record_count;
    size_t rest = message_count - (64 * index < message_count ? 64 * index : message_count);
    uint64_t below_end = rest >= 64 ? ~(uint64_t)0 : ((uint64_t)1 << rest) - 1;
    return below_end & ~(((uint64_t)1 << first) - 1);
}

/// Up to sixteen messages; absent lanes hash zeros and are not stored. Masked bytes are not read from memory.
static __attribute__((target("avx512f,avx512bw"))) void hash_group(
    const uint8_t *records, size_t lanes, const struct shape *shape, uint8_t *hashes) {
    const words big_endian = _mm512_broadcast_i32x4(_mm_set_epi8(12, 13, 14, 15, 8, 9, 10, 11, 4, 5, 6, 7, 0, 1, 2, 3));
    size_t blocks = (shape->prefix_count + shape->record_count + 9 + 63) / 64;
    words state[8], block[16];
    for (int i = 0; i < 8; i++) state[i] = _mm512_set1_epi32((int)initial_state[i]);
    for (size_t index = 0; index < blocks; index++) {
        uint8_t common[64];
        common_bytes(shape, index, blocks, common);
        words fixed = _mm512_loadu_si512(common);
        uint64_t mask = record_mask(shape, index);
        // The block begins `prefix_count` bytes before its record bytes; integers, for that may be before the buffer.
        uintptr_t first = (uintptr_t)records + 64 * index - shape->prefix_count;
        for (size_t lane = 0; lane < LANES; lane++) {
            uint64_t present = lane < lanes ? mask : 0;
            words bytes = _mm512_maskz_loadu_epi8(present, (const void *)(first + lane * shape->record_count));
            block[lane] = _mm512_shuffle_epi8(_mm512_or_si512(bytes, fixed), big_endian);
        }
        transpose(block);
        compress(state, block);
    }
    for (int i = 0; i < 8; i++) block[i] = _mm512_shuffle_epi8(state[i], big_endian);
    for (int i = 8; i < 16; i++) block[i] = _mm512_setzero_si512();
    transpose(block);
    for (size_t lane = 0; lane < lanes; lane++) _mm256_storeu_si256((__m256i *)(hashes + 32 * lane), _mm512_castsi512_si256(block[lane]));
}

int zk_sha256_x16(const uint8_t *records, size_t record_count, size_t count, uint8_t prefix, size_t prefix_count, uint8_t *hashes) {
    if (!zk_vector_hashing()) return 0;
    struct shape shape = {record_count, prefix_count, prefix};
    for (size_t done = 0; done < count; done += LANES) {
        size_t lanes = count - done < LANES ? count - done : LANES;
        hash_group(records + done * record_count, lanes, &shape, hashes + 32 * done);
    }
    return 1;
}

#else

int zk_sha256_x16(const uint8_t *records, size_t record_count, size_t count, uint8_t prefix, size_t prefix_count, uint8_t *hashes) {
    (void)records, (void)record_count, (void)count, (void)prefix, (void)prefix_count, (void)hashes;
    return 0;
}

#endif
