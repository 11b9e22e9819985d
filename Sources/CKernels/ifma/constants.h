// SPDX-License-Identifier: Apache-2.0
// Constants of RFC 9496, 4.1, as five limbs of radix 2^51: the values of Field25519+Roots.swift. An error shows in Ristretto255LaneTests.
#pragma once
#include <stdint.h>

// d = -121665/121666
static const uint64_t FE8_D[5] = {
    0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff};
// 2d
static const uint64_t FE8_2D[5] = {
    0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff};
// i, the even root of -1
static const uint64_t FE8_SQRT_M1[5] = {
    0x61b274a0ea0b0, 0xd5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d};
// -i
static const uint64_t FE8_MINUS_SQRT_M1[5] = {
    0x1e4d8b5f15f3d, 0x72a5a0370e762, 0x10a16342f39f, 0x7a6a597fb361, 0x547cdb7fb03e2};
// sqrt(-d - 1), the root that RFC 9496 gives
static const uint64_t FE8_SQRT_AD_MINUS_ONE[5] = {
    0x7f6a0497b2e1b, 0x1836f0a97afd2, 0x7d747f6be7638, 0x456079e7e6498, 0x376931bf2b834};
// 1 / sqrt(-1 - d), the root that RFC 9496 gives
static const uint64_t FE8_INVSQRT_A_MINUS_D[5] = {
    0xfdaa805d40ea, 0x2eb482e57d339, 0x7610274bc58, 0x6510b613dc8ff, 0x786c8905cfaff};
// 1 - d^2
static const uint64_t FE8_ONE_MINUS_D_SQUARED[5] = {
    0x409c1945fc176, 0x719abc6a1fc4f, 0x1c37f90b20684, 0x6bccca55eedf, 0x29072a8b2b3e};
// (d - 1)^2
static const uint64_t FE8_D_MINUS_ONE_SQUARED[5] = {
    0x55aaa44ed4d20, 0x59603c3332635, 0x26d3baf4a7928, 0x120a66e6997a9, 0x5968b37af66c2};
