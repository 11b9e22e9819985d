// SPDX-License-Identifier: Apache-2.0
// SHAKE128 (FIPS 202) of eight messages of equal length at a time, from a common beginning: instance `i` lives in element `i` of every vector.
//
// A batch of proofs of one kind has one transcript prefix and messages of one length, so the sponges run in lockstep.
#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#define RATE 168
#define RATE_LANES (RATE / 8)
#define INSTANCES 8
#define TARGET __attribute__((target("avx512f")))

/// Eight 64-bit lanes `A[x, y]`, one of each instance.
typedef __m512i lanes;

// The constants of step iota, FIPS 202 section 3.2.5.
static const uint64_t round_constants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// Truth tables for vpternlog: `a ^ b ^ c`, and chi's `a ^ (~b & c)`.
#define XOR3(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0x96)
#define CHI(a, b, c) _mm512_ternarylogic_epi64(a, b, c, 0xd2)
#define ROTATE _mm512_rol_epi64

/// Keccak-f[1600] on eight states; lane `x + 5 y` is `A[x, y]`.
TARGET static void permute(lanes state[25]) {
    lanes a[25], b[25], c[5];
    memcpy(a, state, sizeof a);
    for (int round = 0; round < 24; round++) {
        for (int x = 0; x < 5; x++) c[x] = XOR3(XOR3(a[x], a[x + 5], a[x + 10]), a[x + 15], a[x + 20]);
        for (int x = 0; x < 5; x++) {
            lanes left = c[(x + 4) % 5], right = ROTATE(c[(x + 1) % 5], 1);
            for (int y = 0; y < 25; y += 5) a[x + y] = XOR3(a[x + y], left, right);
        }
        // Rho and pi: lane (x, y) turns by its offset and goes to (y, 2x + 3y).
        b[0] = a[0];
        b[10] = ROTATE(a[1], 1), b[20] = ROTATE(a[2], 62), b[5] = ROTATE(a[3], 28), b[15] = ROTATE(a[4], 27);
        b[16] = ROTATE(a[5], 36), b[1] = ROTATE(a[6], 44), b[11] = ROTATE(a[7], 6), b[21] = ROTATE(a[8], 55), b[6] = ROTATE(a[9], 20);
        b[7] = ROTATE(a[10], 3), b[17] = ROTATE(a[11], 10), b[2] = ROTATE(a[12], 43), b[12] = ROTATE(a[13], 25), b[22] = ROTATE(a[14], 39);
        b[23] = ROTATE(a[15], 41), b[8] = ROTATE(a[16], 45), b[18] = ROTATE(a[17], 15), b[3] = ROTATE(a[18], 21), b[13] = ROTATE(a[19], 8);
        b[14] = ROTATE(a[20], 18), b[24] = ROTATE(a[21], 2), b[9] = ROTATE(a[22], 61), b[19] = ROTATE(a[23], 56), b[4] = ROTATE(a[24], 14);
        for (int y = 0; y < 25; y += 5) {
            for (int x = 0; x < 5; x++) a[y + x] = CHI(b[y + x], b[y + (x + 1) % 5], b[y + (x + 2) % 5]);
        }
        a[0] = _mm512_xor_si512(a[0], _mm512_set1_epi64((long long)round_constants[round]));
    }
    memcpy(state, a, sizeof a);
}

/// Turns eight rows of eight words into columns.
TARGET static inline void transpose(lanes m[8]) {
    lanes t[8];
    for (int i = 0; i < 8; i += 2) {
        t[i] = _mm512_unpacklo_epi64(m[i], m[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi64(m[i], m[i + 1]);
    }
    for (int i = 0; i < 2; i++) {
        m[i] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0x88);
        m[i + 2] = _mm512_shuffle_i64x2(t[i], t[i + 2], 0xdd);
        m[i + 4] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0x88);
        m[i + 6] = _mm512_shuffle_i64x2(t[i + 4], t[i + 6], 0xdd);
    }
    for (int i = 0; i < 4; i++) {
        t[i] = _mm512_shuffle_i64x2(m[i], m[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i64x2(m[i], m[i + 4], 0xdd);
    }
    memcpy(m, t, sizeof t);
}

/// XORs one block of each instance into the states.
TARGET static void absorb(lanes state[25], const uint8_t *const blocks[INSTANCES]) {
    lanes rows[8];
    for (int first = 0; first < RATE_LANES; first += 8) {
        int count = RATE_LANES - first < 8 ? RATE_LANES - first : 8;
        __mmask8 present = (__mmask8)((1u << count) - 1);
        for (int i = 0; i < INSTANCES; i++) rows[i] = _mm512_maskz_loadu_epi64(present, blocks[i] + 8 * first);
        transpose(rows);
        for (int i = 0; i < count; i++) state[first + i] = _mm512_xor_si512(state[first + i], rows[i]);
    }
}

/// The first `RATE` bytes of each state.
TARGET static void extract(const lanes state[25], uint8_t blocks[INSTANCES][RATE]) {
    lanes rows[8];
    for (int first = 0; first < RATE_LANES; first += 8) {
        int count = RATE_LANES - first < 8 ? RATE_LANES - first : 8;
        __mmask8 present = (__mmask8)((1u << count) - 1);
        for (int i = 0; i < 8; i++) rows[i] = i < count ? state[first + i] : _mm512_setzero_si512();
        transpose(rows);
        for (int i = 0; i < INSTANCES; i++) _mm512_mask_storeu_epi64(blocks[i] + 8 * first, present, rows[i]);
    }
}

/// XORs whole blocks of the messages into the states where they lie, each followed by a permutation.
TARGET static void absorb_whole(lanes state[25], const uint8_t *const messages[INSTANCES], size_t first, size_t end) {
    const uint8_t *blocks[INSTANCES];
    for (size_t read = first; read < end; read += RATE) {
        for (size_t i = 0; i < INSTANCES; i++) {
            blocks[i] = messages[i] + read;
            // The block after the next: eight messages are more streams than the processor follows by itself.
            for (size_t line = 0; line < RATE; line += 64) __builtin_prefetch(blocks[i] + 2 * RATE + line, 0, 3);
        }
        absorb(state, blocks);
        permute(state);
    }
}

/// Up to eight instances; the lanes of absent ones compute a copy of the first.
TARGET static void hash_group(
    const uint64_t start[25], size_t position, const uint8_t *messages, size_t instances, size_t message_count, uint8_t *out,
    size_t out_count) {
    lanes state[25];
    uint8_t blocks[INSTANCES][RATE];
    const uint8_t *own[INSTANCES], *block[INSTANCES];
    for (size_t i = 0; i < INSTANCES; i++) own[i] = messages + (i < instances ? i : 0) * message_count, block[i] = blocks[i];
    for (int i = 0; i < 25; i++) state[i] = _mm512_set1_epi64((long long)start[i]);
    size_t read = 0;
    for (int is_last = 0; !is_last;) {
        if (position == 0) {
            const size_t whole = (message_count - read) / RATE * RATE;
            absorb_whole(state, own, read, read + whole);
            read += whole;
        }
        size_t count = message_count - read < RATE - position ? message_count - read : RATE - position;
        is_last = position + count < RATE;
        memset(blocks, 0, sizeof blocks);
        for (size_t i = 0; i < INSTANCES; i++) {
            if (count) memcpy(blocks[i] + position, own[i] + read, count);
            if (is_last) {
                // The domain bits 1111 of SHAKE and the padding 10*1.
                blocks[i][position + count] ^= 0x1f;
                blocks[i][RATE - 1] ^= 0x80;
            }
        }
        read += count;
        position = 0;
        absorb(state, block);
        permute(state);
    }
    for (size_t written = 0; written < out_count; written += RATE) {
        if (written) permute(state);
        extract(state, blocks);
        size_t count = out_count - written < RATE ? out_count - written : RATE;
        for (size_t i = 0; i < instances; i++) memcpy(out + i * out_count + written, blocks[i], count);
    }
}

int zk_shake128_x8(
    const uint64_t start[25], size_t position, const uint8_t *messages, size_t message_count, size_t count, uint8_t *out, size_t out_count) {
    if (!zk_vector_hashing()) return 0;
    for (size_t done = 0; done < count; done += INSTANCES) {
        size_t instances = count - done < INSTANCES ? count - done : INSTANCES;
        hash_group(start, position, messages + done * message_count, instances, message_count, out + done * out_count, out_count);
    }
    return 1;
}

#else

int zk_shake128_x8(
    const uint64_t start[25], size_t position, const uint8_t *messages, size_t message_count, size_t count, uint8_t *out, size_t out_count) {
    (void)start, (void)position, (void)messages, (void)message_count, (void)count, (void)out, (void)out_count;
    return 0;
}

#endif
