/* replay.c - every file of a corpus, once: JW_CORPUS is its folder, JW_DO what is done with one. */
#define _POSIX_C_SOURCE 200809L /* opendir */

#include "tests/fuzz/control_bytes.h"
#include "tests/fuzz/load_bytes.h"

#include "common/buf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdio.h>

static void replay(const char *name)
{
    struct buf path = {0}, bytes = {0};
    char part[4096];
    size_t n;
    buf_f(&path, "%s/%s", JW_CORPUS, name);
    FILE *f = fopen(buf_text(&path), "rb");
    assert_non_null(f);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        buf_add(&bytes, part, n);
    fclose(f);
    JW_DO((const uint8_t *)buf_text(&bytes), bytes.n);
    buf_free(&bytes);
    buf_free(&path);
}

static void corpus__every_file_of_it__is_taken_without_a_fault(void **state)
{
    (void)state;
    size_t n = 0;
    DIR *dir = opendir(JW_CORPUS);
    assert_non_null(dir);
    for (const struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.') {
            replay(e->d_name);
            n++;
        }
    closedir(dir);
    print_message("%zu files were replayed\n", n);
    assert_true(n >= 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corpus__every_file_of_it__is_taken_without_a_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
