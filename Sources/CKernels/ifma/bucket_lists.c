// SPDX-License-Identifier: Apache-2.0
// Sorting points into lists by their digit: two counting sorts.
//
// A lane works on a bucket of its own, so that eight buckets of equal size take as many steps as one. Buckets are therefore grouped by
// size, largest first: the empty places at the ends of shorter lists, which point to the identity, are then at most 8 times the largest
// size in all. Chosen scalars could put most points into few buckets; a bucket above a limit is over-full and gets all eight lanes.
#if defined(__x86_64__)
#include "buckets.h"
#include "digits.h"

#include <string.h>

/// The size above which a bucket is over-full: eight times the mean, within bounds. With two long lists six lanes would be idle.
static size_t overfull_limit(size_t count, size_t buckets) {
    const size_t limit = 8 * (count / buckets);
    return limit < 24 ? 24 : limit > 1024 ? 1024 : limit;
}

/// Entries after a long group: a cache line, so that lists of a power of two, chosen by an adversary, are not written through the same
/// few sets of the cache.
#define GAP 16
/// Rows of a long group.
#define LONG 32

/// Numbers of items in the workspace.
typedef struct {
    size_t limit, segment, digits, sizes, list, groups;
} sizes;

static sizes sizes_of(size_t count, size_t buckets) {
    sizes s;
    s.limit = overfull_limit(count, buckets);
    s.segment = (buckets + 7) / 8;
    s.digits = count + 16;
    s.sizes = buckets + 1;
    s.groups = buckets / 8 + 1 + count / s.limit;
    // Points, one row of padding for each over-full bucket, gaps, the ends of shorter lists, rows read ahead, a place for digits 0.
    s.list = count + 8 * (count / s.limit + 1) + GAP * s.groups + 8 * s.limit + 8 * (PREFETCH_ROWS + 1) + 8;
    return s;
}

static size_t aligned(size_t bytes) { return (bytes + 63) / 64 * 64; }

size_t zk_ifma_window_bytes(size_t count, size_t buckets) {
    const sizes s = sizes_of(count, buckets);
    return aligned(8 * BUCKET_WORDS * (8 * s.segment + 1)) + aligned(2 * s.digits) + 3 * aligned(8 * s.sizes) + aligned(4 * (s.limit + 2))
        + aligned(4 * s.list) + aligned(sizeof(bucket_group) * s.groups);
}

/// Writes `2 |digit| + (digit < 0)` of every scalar.
IFMA_INLINE void read_digits(const zk_ifma_window *w, uint16_t *digits) {
    for (size_t i = 0; i < w->count; i += 8) {
        const vec digit = window_digits(w, i), magnitude = _mm512_abs_epi64(digit);
        const vec code = vec_add(vec_add(magnitude, magnitude), _mm512_srli_epi64(digit, 63));
        _mm_storeu_si128((__m128i *)(digits + i), _mm512_cvtepi64_epi16(code));
    }
}

/// The workspace. Buckets are numbered from 1 here, as digits are; 0 stands for digits 0.
typedef struct {
    uint64_t *bucket;
    uint16_t *digits;
    /// By bucket: its points, and where the next one goes (lower half) and the distance to the one after it (upper half).
    uint32_t *size;
    uint64_t *next;
    /// Buckets that are not over-full, largest first.
    uint32_t *order, *first_of_size;
    uint32_t *list;
    bucket_group *group;
    size_t ordinary, groups;
    /// The end of the lists made so far.
    size_t end;
} lists_in_work;

static lists_in_work lists_in_work_make(const sizes *s, void *workspace) {
    uint8_t *place = workspace;
    lists_in_work a = {0};
#define TAKE(name, bytes) a.name = (void *)place; place += aligned(bytes)
    TAKE(bucket, 8 * BUCKET_WORDS * (8 * s->segment + 1));
    TAKE(digits, 2 * s->digits);
    TAKE(size, 8 * s->sizes);
    TAKE(order, 8 * s->sizes);
    TAKE(next, 8 * s->sizes);
    TAKE(first_of_size, 4 * (s->limit + 2));
    TAKE(list, 4 * s->list);
    TAKE(group, sizeof(bucket_group) * s->groups);
#undef TAKE
    return a;
}

/// Appends `count` entries that point to the identity.
static void append_identities(lists_in_work *a, uint32_t identity, size_t count) {
    for (size_t e = 0; e < count; e++) a->list[a->end++] = identity;
}

/// Sorts the buckets that are not over-full by size.
static void order_by_size(const zk_ifma_window *w, const sizes *s, lists_in_work *a) {
    memset(a->first_of_size, 0, 4 * (s->limit + 2));
    for (size_t b = 1; b <= w->buckets; b++) {
        if (a->size[b] <= s->limit) a->first_of_size[s->limit - a->size[b]]++;
    }
    for (size_t k = 0; k <= s->limit; k++) {
        const uint32_t here = a->first_of_size[k];
        a->first_of_size[k] = (uint32_t)a->ordinary;
        a->ordinary += here;
    }
    for (size_t b = 1; b <= w->buckets; b++) {
        if (a->size[b] <= s->limit) a->order[a->first_of_size[s->limit - a->size[b]]++] = (uint32_t)b;
    }
}

/// A group for each over-full bucket: its points lie one after the other, so in all lanes.
static void add_overfull_groups(const zk_ifma_window *w, const sizes *s, lists_in_work *a) {
    for (size_t b = 1; b <= w->buckets; b++) {
        if (a->size[b] <= s->limit) continue;
        bucket_group *g = &a->group[a->groups++];
        g->start = (uint32_t)a->end;
        g->rows = (a->size[b] + 7) / 8;
        for (int l = 0; l < 8; l++) g->bucket[l] = l == 0 ? (uint32_t)b - 1 : (uint32_t)(8 * s->segment);
        a->next[b] = a->end | (uint64_t)1 << 32;
        a->end += a->size[b];
        append_identities(a, w->identity, 8 * g->rows - a->size[b] + GAP);
    }
}

/// Groups of eight ordinary buckets; those without points that no group holds are set to the identity.
static void add_ordinary_groups(const zk_ifma_window *w, const sizes *s, lists_in_work *a) {
    size_t done = 0;
    for (; done < a->ordinary && a->size[a->order[done]] > 0; done += 8) {
        bucket_group *g = &a->group[a->groups++];
        g->start = (uint32_t)a->end;
        g->rows = a->size[a->order[done]];
        for (size_t l = 0; l < 8; l++) {
            const uint32_t b = done + l < a->ordinary ? a->order[done + l] : 0, points = b ? a->size[b] : 0;
            g->bucket[l] = b ? b - 1 : (uint32_t)(8 * s->segment);
            if (b) a->next[b] = (a->end + l) | (uint64_t)8 << 32;
            for (size_t e = points; e < g->rows; e++) a->list[a->end + l + 8 * e] = w->identity;
        }
        a->end += 8 * (size_t)g->rows;
        if (g->rows >= LONG) append_identities(a, w->identity, GAP);
    }
    // The others are empty, or fill the last segment.
    const uint64_t identity[BUCKET_WORDS] = {[0] = 1, [5] = 1, [10] = 2};
    for (; done < a->ordinary; done++) memcpy(a->bucket + BUCKET_WORDS * (a->order[done] - 1), identity, sizeof identity);
    for (size_t b = w->buckets; b < 8 * s->segment; b++) memcpy(a->bucket + BUCKET_WORDS * b, identity, sizeof identity);
}

IFMA_FUNCTION bucket_lists bucket_lists_make(const zk_ifma_window *w, void *workspace) {
    const sizes s = sizes_of(w->count, w->buckets);
    lists_in_work a = lists_in_work_make(&s, workspace);
    read_digits(w, a.digits);
    memset(a.size, 0, 4 * s.sizes);
    for (size_t i = 0; i < w->count; i++) a.size[a.digits[i] >> 1]++;
    order_by_size(w, &s, &a);
    add_overfull_groups(w, &s, &a);
    const size_t overfull = a.groups;
    add_ordinary_groups(w, &s, &a);

    append_identities(&a, w->identity, 8 * (PREFETCH_ROWS + 1));
    a.next[0] = a.end;  // digits 0 are written there, one over the other
    uint64_t *const next = a.next;
    for (size_t i = 0; i < w->count; i++) {
        const uint32_t code = a.digits[i];
        const uint64_t at = next[code >> 1];
        next[code >> 1] = at + (at >> 32);
        a.list[(uint32_t)at] = (uint32_t)i | code << 31;
    }
    return (bucket_lists){overfull, a.groups, a.group, a.list, s.segment, a.bucket};
}
#endif
