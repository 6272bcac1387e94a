/* human.h - numbers as people read them, short and of about the same length.  Pure. */
#ifndef JW_VIEW_HUMAN_H
#define JW_VIEW_HUMAN_H

#include <stddef.h>
#include <stdint.h>

enum { HUMAN = 48 };

/* 0s, 812ms, 5s, 5m 20s, 3h 4m, 3d 4h: rounded down. */
const char *human_time(uint64_t ms, char out[HUMAN]);
/* 512, 12.4K, 310M, 1.0G: 1024-based, rounded to the nearest. */
const char *human_size(uint64_t bytes, char out[HUMAN]);
/* Hundredths of a percent: 0.0%, 12.5%, 100%. */
const char *human_share(uint64_t hundredths, char out[HUMAN]);
/* What PART is of WHOLE in percent, rounded down so that 100 means all of it; 0 of 0 is 0. */
uint64_t human_percent(uint64_t part, uint64_t whole);

#endif
