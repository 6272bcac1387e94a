/* groups.h - one program for all of this area: starting one costs seconds under Wine.  Each runs
 * one file's tests and returns how many failed. */
#ifndef JW_TESTS_WIN32_GROUPS_H
#define JW_TESTS_WIN32_GROUPS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

int run_oserr(void);
int run_file(void);
int run_path(void);
int run_glob(void);
int run_zone(void);
int run_watch(void);

#endif
