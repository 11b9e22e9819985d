// SPDX-License-Identifier: Apache-2.0
// GMP under stable names, on uint64_t limbs: Swift would otherwise see `__gmpn_mul_n` and `UInt`. Nothing here but wrappers.
#pragma once
#include <gmp.h>
#include <stddef.h>
#include <stdint.h>

_Static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0, "64-bit limbs without nails");

// Lengths are limb counts. Operands may not overlap the result unless they are the same (add, sub, cnd) .

static inline uint64_t zk_mpn_add_n(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n) {
    return mpn_add_n((mp_ptr)r, (mp_srcptr)a, (mp_srcptr)b, (mp_size_t)n);
}
static inline uint64_t zk_mpn_sub_n(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n) {
    return mpn_sub_n((mp_ptr)r, (mp_srcptr)a, (mp_srcptr)b, (mp_size_t)n);
}
/// r = a + (condition != 0 ? b : 0), constant time; returns the carry.
static inline uint64_t zk_mpn_cnd_add_n(uint64_t condition, uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n) {
    return mpn_cnd_add_n(condition, (mp_ptr)r, (mp_srcptr)a, (mp_srcptr)b, (mp_size_t)n);
}
/// r += a * b for one limb b; returns the carry limb.
static inline uint64_t zk_mpn_addmul_1(uint64_t *r, const uint64_t *a, size_t n, uint64_t b) {
    return mpn_addmul_1((mp_ptr)r, (mp_srcptr)a, (mp_size_t)n, b);
}
/// r[0..<an+bn] = a * b, constant time; an >= bn >= 1.
static inline void zk_mpn_sec_mul(uint64_t *r, const uint64_t *a, size_t an, const uint64_t *b, size_t bn, uint64_t *scratch) {
    mpn_sec_mul((mp_ptr)r, (mp_srcptr)a, (mp_size_t)an, (mp_srcptr)b, (mp_size_t)bn, (mp_ptr)scratch);
}
static inline size_t zk_mpn_sec_mul_itch(size_t an, size_t bn) {
    return (size_t)mpn_sec_mul_itch((mp_size_t)an, (mp_size_t)bn);
}
/// r[0..<2n] = a * a, constant time.
static inline void zk_mpn_sec_sqr(uint64_t *r, const uint64_t *a, size_t n, uint64_t *scratch) {
    mpn_sec_sqr((mp_ptr)r, (mp_srcptr)a, (mp_size_t)n, (mp_ptr)scratch);
}
static inline size_t zk_mpn_sec_sqr_itch(size_t n) {
    return (size_t)mpn_sec_sqr_itch((mp_size_t)n);
}
/// r[0..<n] = base ^ exponent mod m for odd m, constant time; exponent has `bits` bits.
static inline void zk_mpn_sec_powm(uint64_t *r, const uint64_t *base, size_t bn, const uint64_t *exponent, size_t bits,
                                   const uint64_t *m, size_t n, uint64_t *scratch) {
    mpn_sec_powm((mp_ptr)r, (mp_srcptr)base, (mp_size_t)bn, (mp_srcptr)exponent, (mp_bitcnt_t)bits, (mp_srcptr)m, (mp_size_t)n,
                 (mp_ptr)scratch);
}
static inline size_t zk_mpn_sec_powm_itch(size_t bn, size_t bits, size_t n) {
    return (size_t)mpn_sec_powm_itch((mp_size_t)bn, (mp_bitcnt_t)bits, (mp_size_t)n);
}
/// r = table[index], `count` entries of n limbs, all of them read; constant time in the index.
static inline void zk_mpn_sec_tabselect(uint64_t *r, const uint64_t *table, size_t n, size_t count, size_t index) {
    mpn_sec_tabselect((mp_ptr)r, (mp_srcptr)table, (mp_size_t)n, (mp_size_t)count, (mp_size_t)index);
}

// Variable time, public operands.

/// r[0..<2n] = a * b, by Karatsuba's and Toom's methods where they are faster.
static inline void zk_mpn_mul_n(uint64_t *r, const uint64_t *a, const uint64_t *b, size_t n) {
    mpn_mul_n((mp_ptr)r, (mp_srcptr)a, (mp_srcptr)b, (mp_size_t)n);
}
/// r[0..<2n] = a * a.
static inline void zk_mpn_sqr(uint64_t *r, const uint64_t *a, size_t n) {
    mpn_sqr((mp_ptr)r, (mp_srcptr)a, (mp_size_t)n);
}

/// The value of `a` as a read-only mpz without copying.
static inline mpz_srcptr zk_mpz_view(mpz_ptr view, const uint64_t *a, size_t n) {
    return mpz_roinit_n(view, (mp_srcptr)a, (mp_size_t)n);
}
/// Writes `x` (0 <= x < 2^(64 n)) to `r[0..<n]`, padded with zeros.
static inline void zk_mpz_store(uint64_t *r, size_t n, mpz_srcptr x) {
    size_t used = mpz_size(x);
    for (size_t i = 0; i < n; i++) r[i] = i < used ? mpz_getlimbn(x, (mp_size_t)i) : 0;
}
/// q[0..<nn-dn+1] = a / d, remainder to r[0..<dn]; the top limb of d is not zero.
static inline void zk_mpn_tdiv_qr(uint64_t *q, uint64_t *r, const uint64_t *a, size_t nn, const uint64_t *d, size_t dn) {
    mpn_tdiv_qr((mp_ptr)q, (mp_ptr)r, 0, (mp_srcptr)a, (mp_size_t)nn, (mp_srcptr)d, (mp_size_t)dn);
}
/// 0 composite, 1 probably prime, 2 prime (Baillie-PSW and Miller-Rabin rounds).
static inline int zk_mpz_probab_prime(const uint64_t *a, size_t n, int rounds) {
    mpz_t view;
    return mpz_probab_prime_p(zk_mpz_view(view, a, n), rounds);
}
/// r = 1/a mod m; 0 if there is none.
static inline int zk_mpz_invert(uint64_t *r, const uint64_t *a, const uint64_t *m, size_t n) {
    mpz_t va, vm, out;
    mpz_init(out);
    int found = mpz_invert(out, zk_mpz_view(va, a, n), zk_mpz_view(vm, m, n));
    if (found) zk_mpz_store(r, n, out);
    mpz_clear(out);
    return found;
}
/// r = base ^ exponent mod m.
static inline void zk_mpz_powm(uint64_t *r, const uint64_t *base, const uint64_t *exponent, size_t en, const uint64_t *m, size_t n) {
    mpz_t vb, ve, vm, out;
    mpz_init(out);
    mpz_powm(out, zk_mpz_view(vb, base, n), zk_mpz_view(ve, exponent, en), zk_mpz_view(vm, m, n));
    zk_mpz_store(r, n, out);
    mpz_clear(out);
}
/// The Jacobi symbol (a / m), m odd.
static inline int zk_mpz_jacobi(const uint64_t *a, const uint64_t *m, size_t n) {
    mpz_t va, vm;
    return mpz_jacobi(zk_mpz_view(va, a, n), zk_mpz_view(vm, m, n));
}
