// SPDX-License-Identifier: Apache-2.0
// Processors without these kernels: zk_ifma_available() is 0 and nobody calls the rest.
#if !defined(__x86_64__)
#include "Kernels25519.h"

size_t zk_ifma_decode(
    const uint8_t *bytes, const uint8_t *advice, size_t count, uint64_t *points, uint8_t *roots) {
    (void)bytes, (void)advice, (void)count, (void)points, (void)roots;
    return 0;
}

void zk_ifma_encode(const uint64_t *points, size_t count, uint8_t *bytes) {
    (void)points, (void)count, (void)bytes;
}

void zk_ifma_map(const uint8_t *bytes, size_t count, uint64_t *points) {
    (void)bytes, (void)count, (void)points;
}

void zk_ifma_rows(const uint64_t *points, size_t count, uint64_t *rows) {
    (void)points, (void)count, (void)rows;
}

void zk_ifma_identity_row(uint64_t *row) {
    (void)row;
}

void zk_ifma_bias(
    const uint64_t *scalars, size_t count, const uint64_t bias[4], const uint64_t large_bias[4], uint64_t *out, size_t stride) {
    (void)scalars, (void)count, (void)bias, (void)large_bias, (void)out, (void)stride;
}

size_t zk_ifma_window_bytes(size_t count, size_t buckets) {
    (void)count, (void)buckets;
    return 0;
}

void zk_ifma_window_sum(const zk_ifma_window *window, const uint64_t *rows, void *workspace, zk_ifma_partial *partial) {
    (void)window, (void)rows, (void)workspace, (void)partial;
}

void zk_ifma_combine(const zk_ifma_partial *partials, size_t count, uint64_t point[16]) {
    (void)partials, (void)count, (void)point;
}

void zk_ifma_window_digits(const zk_ifma_window *window, uint64_t addend, uint64_t *out) {
    (void)window, (void)addend, (void)out;
}

void zk_ifma_double(uint64_t *points, size_t count, unsigned times) {
    (void)points, (void)count, (void)times;
}

size_t zk_ifma_comb_bytes(size_t bases) {
    (void)bases;
    return 0;
}

void zk_ifma_comb_sums(
    const zk_ifma_comb *comb, const uint64_t *scalars, size_t rows, void *workspace, uint64_t *points) {
    (void)comb, (void)scalars, (void)rows, (void)workspace, (void)points;
}

size_t zk_ifma_straus_bytes(size_t count) {
    (void)count;
    return 0;
}

void zk_ifma_straus(
    const uint64_t *points, const uint64_t *scalars, size_t count, unsigned bits, void *workspace, uint64_t sums[128]) {
    (void)points, (void)scalars, (void)count, (void)bits, (void)workspace, (void)sums;
}

size_t zk_ifma_fold_bytes(size_t terms) {
    (void)terms;
    return 0;
}

void zk_ifma_fold(
    const uint64_t *points, size_t terms, size_t sums, const uint64_t *scalars, void *workspace, uint64_t *out) {
    (void)points, (void)terms, (void)sums, (void)scalars, (void)workspace, (void)out;
}

void zk_ifma_subset_sums(
    const uint64_t *entries, size_t count, const uint64_t *bits, size_t words_per_row, size_t rows, uint64_t *points) {
    (void)entries, (void)count, (void)bits, (void)words_per_row, (void)rows, (void)points;
}

void zk_ifma_selected(const uint64_t *entries, size_t count, const uint32_t *indices, size_t rows, uint64_t *points) {
    (void)entries, (void)count, (void)indices, (void)rows, (void)points;
}

void zk_ifma_probe(zk_ifma_operation operation, const uint64_t a[40], const uint64_t b[40], uint64_t out[40]) {
    (void)operation, (void)a, (void)b, (void)out;
}

void zk_ifma_weighted_columns(
    uint64_t *sums, size_t columns, const uint8_t *records, size_t record_bytes, const uint64_t *weights, size_t weight_limbs,
    size_t count) {
    (void)sums, (void)columns, (void)records, (void)record_bytes, (void)weights, (void)weight_limbs, (void)count;
}

uint64_t zk_ifma_cycles(void) { return 0; }

#endif
