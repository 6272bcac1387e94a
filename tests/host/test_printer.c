/* test_printer.c - a console that takes nothing must not hold who logs. */
#include "tests/host/test_host.h"

#include "service/host/printer.h"

#include <string.h>
#include <windows.h>

enum { LINES = 40000, LINE_BYTES = 64, GENEROUS_MS = 30000 };

/* Standard output becomes a pipe; *ret_was is what it was. */
static HANDLE pipe_as_output(HANDLE *ret_was)
{
    HANDLE read = NULL, write = NULL;
    assert_true(CreatePipe(&read, &write, NULL, 4096));
    *ret_was = GetStdHandle(STD_OUTPUT_HANDLE);
    SetStdHandle(STD_OUTPUT_HANDLE, write);
    return read;
}

/* Takes all up to the line that counts what was dropped. */
static void read_to_the_count(HANDLE read)
{
    static char got[LINES * (LINE_BYTES + 1) + 1];
    size_t all = 0;
    DWORD n = 0;
    while (all < sizeof got - 1 && !strstr(got, "lines were not printed")) {
        assert_true(ReadFile(read, got + all, 4096 < sizeof got - 1 - all
                                                  ? 4096
                                                  : (DWORD)(sizeof got - 1 - all), &n, NULL));
        all += n;
        got[all] = '\0';
    }
    assert_non_null(strstr(got, "lines were not printed"));
}

static void printer__nobody_reads__lines_are_dropped_and_nobody_waits(void **state)
{
    (void)state;
    struct printer *p = NULL;
    HANDLE was, read = pipe_as_output(&was), write = GetStdHandle(STD_OUTPUT_HANDLE);
    char line[LINE_BYTES];
    memset(line, 'x', sizeof line);
    assert_int_equal(printer_start(&p, NULL), ST_OK);
    for (int i = 0; i < LINES; i++) /* far more than a pipe and the backlog hold */
        printer_line(p, (struct str){line, sizeof line});
    printer_stop(p, 100);     /* it is still blocked, and left behind */
    read_to_the_count(read);  /* then it has nothing more to write */
    SetStdHandle(STD_OUTPUT_HANDLE, was);
    CloseHandle(write);
    CloseHandle(read);
}

static void printer__somebody_reads__every_line_comes_before_the_stop_returns(void **state)
{
    (void)state;
    struct printer *p = NULL;
    char got[64] = "";
    DWORD n = 0;
    HANDLE was, read = pipe_as_output(&was), write = GetStdHandle(STD_OUTPUT_HANDLE);
    assert_int_equal(printer_start(&p, NULL), ST_OK);
    printer_line(p, STR("one"));
    printer_line(p, STR("two"));
    printer_stop(p, GENEROUS_MS);
    SetStdHandle(STD_OUTPUT_HANDLE, was);
    CloseHandle(write);
    size_t all = 0;
    while (ReadFile(read, got + all, (DWORD)(sizeof got - 1 - all), &n, NULL) && n > 0)
        all += n;
    assert_string_equal(got, "one\ntwo\n");
    CloseHandle(read);
}

int test_printer(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(printer__somebody_reads__every_line_comes_before_the_stop_returns),
        cmocka_unit_test(printer__nobody_reads__lines_are_dropped_and_nobody_waits),
    };
    return cmocka_run_group_tests_name("printer", tests, NULL, NULL);
}
