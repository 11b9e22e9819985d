// SPDX-License-Identifier: Apache-2.0
#include "CKernels.h"
#include <errno.h>
#include <sys/random.h>

int zk_system_random(void *p, size_t count) {
    unsigned char *out = p;
    while (count > 0) {
        ssize_t n = getrandom(out, count, 0);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return -1;
        out += n;
        count -= (size_t)n;
    }
    return 0;
}
