// SPDX-License-Identifier: Apache-2.0
// Single field operations for tests, which hold them to other arithmetic at the bounds that field.h states.
#if defined(__x86_64__)
#include "CKernels.h"
#include "power.h"

IFMA_FUNCTION static fe8 load(const uint64_t *lanes) {
    uint64_t words[64] = {0};
    vec row[8];
    for (int l = 0; l < 8; l++) {
        for (int i = 0; i < 5; i++) words[8 * l + i] = lanes[5 * l + i];
        row[l] = _mm512_loadu_si512(words + 8 * l);
    }
    vec_transpose(row);
    return (fe8){{row[0], row[1], row[2], row[3], row[4]}};
}

IFMA_FUNCTION void zk_ifma_probe(zk_ifma_operation operation, const uint64_t a[40], const uint64_t b[40], uint64_t out[40]) {
    const fe8 x = load(a), y = load(b);
    fe8 r = x, power[TOGETHER];
    switch (operation) {
        case ZK_IFMA_MULTIPLY: r = fe8_mul_loose(x, y); break;
        case ZK_IFMA_SQUARE: r = fe8_square_loose(x); break;
        case ZK_IFMA_CARRY: r = fe8_carry(x); break;
        case ZK_IFMA_REDUCE: r = fe8_reduce(x); break;
        case ZK_IFMA_SUBTRACT: r = fe8_sub(x, y); break;
        case ZK_IFMA_ABSOLUTE: r = fe8_absolute(x); break;
        case ZK_IFMA_INVERT: r = fe8_invert(x); break;
        case ZK_IFMA_RAISE_FOR_ROOT:
            EACH(k) power[k] = x;
            fe8_raise_for_root(power);
            r = power[TOGETHER - 1];
            break;
    }
    for (int i = 0; i < 5; i++) {
        uint64_t lane[8];
        _mm512_storeu_si512(lane, r.limb[i]);
        for (int l = 0; l < 8; l++) out[5 * l + i] = lane[l];
    }
}

uint64_t zk_ifma_cycles(void) {
    unsigned core;
    _mm_lfence();
    const uint64_t cycles = __builtin_ia32_rdtscp(&core);
    _mm_lfence();
    return cycles;
}
#endif
