// SPDX-License-Identifier: Apache-2.0
// One window of Pippenger's bucket method, in three steps with a file each: points are sorted into lists by digit (bucket_lists.c), each
// list is summed (bucket_sums.c), the sums are added with their weights (bucket_weights.c). Public data, variable time.
#pragma once
#if defined(__x86_64__)
#include "CKernels.h"
#include "rows.h"

/// Words of a bucket: a cached point as 20 limbs, and 4 unused.
#define BUCKET_WORDS 24
/// Rows of eight list entries that are fetched into the cache ahead of their use.
#define PREFETCH_ROWS 6

/// Eight buckets of similar size that are summed together, or one over-full bucket spread over eight lanes.
typedef struct {
    /// Where its lists start, and their length in rows of eight entries.
    uint32_t start, rows;
    uint32_t bucket[8];
} bucket_group;

/// The lists of a window. `list` holds the groups' entries in their order, eight lanes to a row: a point's index, with bit 31 set if the
/// point is subtracted. The first `overfull` groups have one bucket each.
typedef struct {
    size_t overfull, groups;
    bucket_group *group;
    uint32_t *list;
    /// Segments of the buckets, one for each lane of the last step, have this length; there are 8 `segment` buckets and one to discard.
    size_t segment;
    uint64_t *bucket;
} bucket_lists;

/// Sorts; buckets without points are set to the identity. Only the lists of others are made.
IFMA_FUNCTION bucket_lists bucket_lists_make(const zk_ifma_window *window, void *workspace);
/// Sums the lists into the buckets.
IFMA_FUNCTION void bucket_sums(const bucket_lists *lists, const uint64_t *rows);
/// For each lane l the sums over its segment of `(j + 1) * bucket[l * segment + j]` and of the buckets.
IFMA_FUNCTION void bucket_weights(const bucket_lists *lists, zk_ifma_partial *partial);
#endif
