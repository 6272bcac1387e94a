/* control.h - the control pipe and the control room over a simulated fleet, put together as the
 * service does it: the pipe's thread, the loop's thread, letters in between. */
#ifndef JW_TESTS_BENCH_CONTROL_H
#define JW_TESTS_BENCH_CONTROL_H

#include "service/supervise/sup.h"

struct bench_control;

/* Answers on the pipe of SERVICE for S, which its own thread uses until bench_control_stop(). */
struct bench_control *bench_control_start(const char *service, struct sup *s);
void bench_control_stop(struct bench_control *c);

#endif
