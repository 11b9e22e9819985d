// SPDX-License-Identifier: Apache-2.0
#pragma once
// SHA256_Transform is deprecated in favour of EVP, which costs more than the hash itself on two blocks.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <stdint.h>
#include <string.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

/// SHA-256 of `count` consecutive records of `record_count` bytes, each after `prefix_count` (0 or 1) bytes `prefix`, into 32 bytes each.
/// `block` is scratch space for one padded message: a multiple of 64 bytes, at least prefix_count + record_count + 9.
/// The compression function alone, without the set-up of a context for each short message.
static inline void zk_sha256_each(
    const uint8_t *records, size_t record_count, size_t count, uint8_t prefix, size_t prefix_count,
    uint8_t *block, size_t block_count, uint8_t *hashes) {
    size_t message_count = prefix_count + record_count;
    uint64_t bits = (uint64_t)message_count * 8;
    memset(block, 0, block_count);
    if (prefix_count) block[0] = prefix;
    block[message_count] = 0x80;
    for (int i = 0; i < 8; i++) block[block_count - 1 - i] = (uint8_t)(bits >> (8 * i));
    for (size_t i = 0; i < count; i++) {
        SHA256_CTX context;
        memcpy(block + prefix_count, records + i * record_count, record_count);
        SHA256_Init(&context);
        for (size_t offset = 0; offset < block_count; offset += 64) SHA256_Transform(&context, block + offset);
        for (int word = 0; word < 8; word++) {
            uint32_t h = __builtin_bswap32(context.h[word]);
            memcpy(hashes + i * 32 + word * 4, &h, 4);
        }
    }
}
