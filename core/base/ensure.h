// FLEETGLASS_ENSURE: an invariant that protects data, checked in release builds as well.
#pragma once

#include <cstdio>
#include <cstdlib>

#define FLEETGLASS_ENSURE(condition)                                                               \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            std::fprintf(stderr, "%s:%d: broken invariant: %s\n", __FILE__, __LINE__, #condition); \
            std::abort();                                                                          \
        }                                                                                          \
    } while (false)
