// SPDX-License-Identifier: Apache-2.0
// How much processor time a container gives its processes: control groups, version 2 (Linux, Documentation/admin-guide/cgroup-v2.rst).
#define _GNU_SOURCE
#include "CKernels.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The processors that `cpu.max` of a group allows, rounded up; 0 for any number.
static int allowed(const char *mount, const char *group) {
    char path[PATH_MAX], quota[32];
    long long period;
    if (snprintf(path, sizeof path, "%s%s/cpu.max", mount, group) >= (int)sizeof path) return 0;
    FILE *file = fopen(path, "re");
    if (file == NULL) return 0;
    const int fields = fscanf(file, "%31s %lld", quota, &period);
    fclose(file);
    if (fields != 2 || period <= 0) return 0;
    const long long time = strtoll(quota, NULL, 10);
    if (time <= 0) return 0;
    const long long count = time / period + (time % period != 0);
    return count < INT_MAX ? (int)count : 0;
}

int zk_quota_cores(const char *membership, const char *mount) {
    FILE *file = fopen(membership, "re");
    if (file == NULL) return 0;
    char line[PATH_MAX];
    char *group = NULL;
    while (group == NULL && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "0::/", 4) == 0) group = line + 3;
    }
    fclose(file);
    if (group == NULL) return 0;
    group[strcspn(group, "\n")] = 0;
    // The least of the group's own quota and those of the groups around it.
    int least = 0;
    for (;;) {
        char *const slash = strrchr(group, '/');
        if (slash != NULL && slash[1] == 0) *slash = 0;
        const int count = allowed(mount, group);
        if (count > 0 && (least == 0 || count < least)) least = count;
        char *const end = strrchr(group, '/');
        if (end == NULL) return least;
        *end = 0;
    }
}
