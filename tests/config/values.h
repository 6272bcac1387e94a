/* values.h - what a value reads as, prints as, and is refused with. */
#ifndef JW_TESTS_CONFIG_VALUES_H
#define JW_TESTS_CONFIG_VALUES_H

#include "tests/config/fake.h"

#include "config/value.h"

/* A value of any type. */
union value {
    uint32_t u32;
    uint64_t u64;
    const char *text;
    struct codes codes;
    struct texts texts;
    struct ladder ladder;
    struct ready ready;
    struct causes causes;
    struct small small;
    struct cpu_share share;
    struct cpu_set cpus;
    struct rate_notice notice;
    struct guard guard;
    struct cpu_guard cpu_guard;
    struct schedule schedule;
    struct access_list access;
};

/* What is read, printed again: the shortest way to say which value it is. */
struct good {
    const struct field *f;
    const char *text, *printed;
};
struct bad {
    const struct field *f;
    const char *text;
    enum st st;
    const char *said;
};

/* It is read, printed so, and what is printed reads as the same value. */
void assert_good(const struct good *g);
/* It is refused with that sentence, and the value's place is as it was. */
void assert_bad(const struct bad *b);

#endif
