// SPDX-License-Identifier: Apache-2.0
#define _GNU_SOURCE
#include "CKernels.h"

#include <unistd.h>

int zk_sync_filesystem(int descriptor) {
    return syncfs(descriptor);
}
