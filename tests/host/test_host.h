/* test_host.h - the groups of this program. */
#ifndef JW_TESTS_HOST_H
#define JW_TESTS_HOST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

int test_queue(void);
int test_port(void);
int test_hooks(void);
int test_hooks_waited(void);
int test_hooks_queue(void);
int test_points(void);
int test_scm_status(void);
int test_printer(void);
int test_tail(void);
int test_signals(void);

#endif
