// SPDX-License-Identifier: Apache-2.0
// Removing a folder from a signal handler: system calls and the stack only.
#define _GNU_SOURCE
#include "CKernels.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum {
    DEPTH = 16,      // folders within folders that are entered
    ATTEMPTS = 50,   // of a folder that others still write to
    BUFFER = 2048,
};

/// What getdents64(2) writes.
struct entry {
    uint64_t inode;
    int64_t offset;
    unsigned short length;
    unsigned char type;
    char name[];
};

static int remove_at(int parent, const char *name, int depth);

/// Removes what is in an open folder. 0 unless something is left.
static int empty(int folder, int depth) {
    _Alignas(8) char buffer[BUFFER];
    int result = 0;
    for (;;) {
        long count = syscall(SYS_getdents64, folder, buffer, sizeof buffer);
        if (count <= 0) return count < 0 ? -1 : result;
        for (long at = 0; at < count;) {
            const struct entry *entry = (const struct entry *)(buffer + at);
            at += entry->length;
            if (strcmp(entry->name, ".") != 0 && strcmp(entry->name, "..") != 0 && remove_at(folder, entry->name, depth) != 0) result = -1;
        }
    }
}

static int remove_at(int parent, const char *name, int depth) {
    if (unlinkat(parent, name, 0) == 0 || errno == ENOENT) return 0;
    if ((errno != EISDIR && errno != EPERM) || depth == 0) return -1;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (folder < 0) return errno == ENOENT ? 0 : -1;
        empty(folder, depth - 1);
        close(folder);
        if (unlinkat(parent, name, AT_REMOVEDIR) == 0) return 0;
        if (errno != ENOTEMPTY && errno != EEXIST) return -1;
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    }
    return -1;
}

int zk_remove_folder(const char *path) { return remove_at(AT_FDCWD, path, DEPTH); }
