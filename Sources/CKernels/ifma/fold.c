// SPDX-License-Identifier: Apache-2.0
// One set of secret scalars for many short sums, a sum in each lane: the levels of a one-out-of-many proof. Straus' method as in straus.c,
// where lanes are terms of one sum.
//
// The scalars of a sum add up to zero, so a term is taken away: sum_i a_i P_i = sum_(i > 0) a_i (P_i - P_0).
//
// Timing: constant in scalars and coordinates. Loads, stores and branches depend on the numbers of sums and terms only
// (docs/security.md, "Vector code that handles secrets").
#if defined(__x86_64__)
#include "secret_digits.h"

#include "CKernels.h"

#include <string.h>

enum {
    WIDTH = 4,
    ENTRIES = 8,           // multiples 1 ... 8
    DIGITS = 64            // of 253 bits
};

/// The sum over i < 63 of 2^(4 i + 3).
static const uint64_t digit_bias[4] = {0x8888888888888888, 0x8888888888888888, 0x8888888888888888, 0x0888888888888888};

/// The multiples of one term of eight sums.
typedef struct {
    cached8 multiple[ENTRIES];
} term8;

size_t zk_ifma_fold_bytes(size_t terms) { return (terms - 1) * (sizeof(term8) + sizeof(vec[4])); }

/// Term `i` of eight sums whose first points are at `points`; those beyond `sums` count as the first one.
IFMA_INLINE ge8 load_term(const uint64_t *points, size_t terms, size_t sums, size_t i) {
    uint64_t words[128];
    for (size_t l = 0; l < 8; l++) memcpy(words + 16 * l, points + 16 * ((l < sums ? l : 0) * terms + i), 128);
    const ge8 p = ge8_load_words(words);
    zk_wipe(words, sizeof words);
    return p;
}

__attribute__((noinline)) IFMA_FUNCTION static void fold_eight(
    const uint64_t *points, size_t terms, size_t sums, const vec (*words)[4], term8 *term, uint64_t out[128]) {
    const cached8 first = ge8_cached(load_term(points, terms, sums, 0));
    const cached8 negated = {first.minus, first.plus, first.z2, fe8_negate(first.t2d)};
    for (size_t i = 1; i < terms; i++) {
        ge8 multiple = ge8_add(load_term(points, terms, sums, i), negated);
        const cached8 single = ge8_cached(multiple);
        term[i - 1].multiple[0] = single;
        for (int k = 1; k < ENTRIES; k++) {
            multiple = ge8_add(multiple, single);
            term[i - 1].multiple[k] = ge8_cached(multiple);
        }
    }
    ge8 sum = ge8_identity();
    for (unsigned index = DIGITS; index-- > 0;) {
        if (index + 1 < DIGITS) sum = ge8_double_times(sum, WIDTH);
        for (size_t i = 0; i + 1 < terms; i++) {
            const digits8 digit = digits_at(words[i], WIDTH * index, WIDTH, index + 1 < DIGITS ? ENTRIES : 0);
            sum = ge8_add(sum, cached8_look_up(term[i].multiple, ENTRIES, digit));
        }
    }
    ge8_store_words(sum, out);
    zk_wipe(&sum, sizeof sum);
}

IFMA_FUNCTION void zk_ifma_fold(
    const uint64_t *points, size_t terms, size_t sums, const uint64_t *scalars, void *workspace, uint64_t *out) {
    term8 *term = workspace;
    vec(*words)[4] = (vec(*)[4])(term + terms - 1);
    uint64_t last[128];
    for (size_t i = 0; i + 1 < terms; i++) {
        const uint64_t *scalar[8];
        for (size_t l = 0; l < 8; l++) scalar[l] = scalars + 4 * i;
        scalars_load_biased(scalar, digit_bias, words[i]);
    }
    for (size_t start = 0; start < sums; start += 8) {
        const size_t n = sums - start < 8 ? sums - start : 8;
        fold_eight(points + 16 * terms * start, terms, n, (const vec(*)[4])words, term, n == 8 ? out + 16 * start : last);
        if (n < 8) memcpy(out + 16 * start, last, 128 * n);
    }
    zk_wipe(workspace, zk_ifma_fold_bytes(terms));
    zk_wipe(last, sizeof last);
}
#endif
