/* human.c - times, sizes and shares. */
#include "service/view/human.h"

#include <inttypes.h>
#include <stdio.h>

enum { SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR };

const char *human_time(uint64_t ms, char out[HUMAN])
{
    static const struct {
        uint64_t of;
        const char *name;
    } unit[] = {{DAY, "d"}, {HOUR, "h"}, {MINUTE, "m"}, {SECOND, "s"}};
    if (ms > 0 && ms < SECOND) {
        snprintf(out, HUMAN, "%" PRIu64 "ms", ms);
        return out;
    }
    unsigned i = 0;
    while (i < 3 && ms < unit[i].of)
        i++;
    uint64_t n = ms / unit[i].of;
    if (i == 3)
        snprintf(out, HUMAN, "%" PRIu64 "s", n);
    else
        snprintf(out, HUMAN, "%" PRIu64 "%s %" PRIu64 "%s", n, unit[i].name,
                 ms % unit[i].of / unit[i + 1].of, unit[i + 1].name);
    return out;
}

/* 9.9 with one digit behind the point, 100 and more with none. */
static void tenths(uint64_t n, const char *unit, char out[HUMAN])
{
    if (n < 1000)
        snprintf(out, HUMAN, "%" PRIu64 ".%" PRIu64 "%s", n / 10, n % 10, unit);
    else
        snprintf(out, HUMAN, "%" PRIu64 "%s", (n + 5) / 10, unit);
}

const char *human_size(uint64_t bytes, char out[HUMAN])
{
    static const char *const unit[] = {"K", "M", "G", "T", "P", "E"};
    unsigned i = 0, shift = 10;
    if (bytes < 1000) {
        snprintf(out, HUMAN, "%" PRIu64, bytes);
        return out;
    }
    /* Four digits would be too long, so 1000K is 1.0M already. */
    while (i < 5 && bytes >> shift >= 1000) {
        i++;
        shift += 10;
    }
    uint64_t whole = bytes >> shift, part = bytes & ((UINT64_C(1) << shift) - 1);
    tenths(whole * 10 + ((part >> (shift - 10)) * 10 + 512) / 1024, unit[i], out);
    return out;
}

const char *human_share(uint64_t hundredths, char out[HUMAN])
{
    uint64_t n = hundredths / 10 + (hundredths % 10 >= 5);
    tenths(n, "%", out);
    return out;
}

uint64_t human_percent(uint64_t part, uint64_t whole)
{
    if (whole == 0)
        return 0;
    return part <= UINT64_MAX / 100 ? part * 100 / whole : part / (whole / 100 + 1);
}
