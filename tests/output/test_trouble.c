/* test_trouble.c - files that cannot be opened or written cost bytes and one warning, never a
 * worker. */
#include "tests/output/scene.h"

#include "service/process/output_target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Says TEXT again and again until the file works again; returns how many bytes it said. */
static uint64_t say_until_resumed(struct scene *s, HANDLE h, const char *text)
{
    uint64_t n = 0;
    WAIT_FOR((say(h, text), n += strlen(text), told(s, "output.resumed") > 0));
    return n;
}

static void assert_one_gap(struct scene *s, HANDLE h, const char *path, uint64_t said)
{
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    struct buf b = content(path);
    uint64_t dropped = told_number(s, "output.resumed", "dropped_bytes");
    assert_true(dropped > 0 && b.n > 0);
    assert_int_equal(b.n + dropped, said);
    buf_free(&b);
    assert_int_equal(told(s, "output.lost"), 1);
    assert_int_equal(told(s, "output.resumed"), 1);
}

static void file__that_is_a_folder__is_told_and_found_again_once_that_is_gone(void **state)
{
    struct scene *s = *state;
    wchar_t *w = wide_at(at(s, "a.log"));
    assert_true(CreateDirectoryW(w, NULL));
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    char *much = malloc(300001);
    assert_non_null(much);
    memset(much, 'x', 300000);
    much[299999] = '\n';
    much[300000] = '\0';
    say(h, much); /* more than a pipe holds: it is being read */
    free(much);
    WAIT_FOR(told(s, "output.lost") > 0);
    assert_int_equal(told(s, "there is a folder of that name"), 1);
    assert_true(RemoveDirectoryW(w));
    free(w);
    uint64_t said = 300000 + say_until_resumed(s, h, "a line\n");
    assert_one_gap(s, h, at(s, "a.log"), said);
}

static void file__held_alone_by_another_program__is_found_again_later(void **state)
{
    struct scene *s = *state;
    wchar_t *w = wide_at(at(s, "a.log"));
    HANDLE holder = CreateFileW(w, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    free(w);
    assert_ptr_not_equal(holder, INVALID_HANDLE_VALUE);
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(h, "dropped\n");
    WAIT_FOR(told(s, "output.lost") > 0);
    uint64_t said = 8, later = GetTickCount64() + 3 * TARGET_RETRY_MS;
    WAIT_FOR((say(h, "a line\n"), said += 7, GetTickCount64() > later)); /* tried more than once */
    CloseHandle(holder);
    said += say_until_resumed(s, h, "a line\n");
    assert_one_gap(s, h, at(s, "a.log"), said);
}

static void file__in_a_folder_that_cannot_be_made__is_told_with_its_name(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "file"), "no folder");
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "file\\sub\\a.log")});
    say(h, "dropped\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_int_equal(told(s, "output.lost"), 1);
    assert_int_equal(told(s, "a.log"), 2); /* as the file, and in the reason */
}

static void file__marked_read_only__is_told_or_written(void **state)
{
    struct scene *s = *state;
    put_file(at(s, "a.log"), "old\n");
    wchar_t *w = wide_at(at(s, "a.log"));
    assert_true(SetFileAttributesW(w, FILE_ATTRIBUTE_READONLY));
    HANDLE probe = CreateFileW(w, FILE_APPEND_DATA, 7, NULL, OPEN_EXISTING, 0, NULL);
    bool refused = probe == INVALID_HANDLE_VALUE;
    if (!refused) {
        print_message("[  SKIPPED ] this account may write to read-only files\n");
        CloseHandle(probe);
    }
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(h, "new\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_int_equal(told(s, "the file is marked read-only"), refused);
    assert_true(SetFileAttributesW(w, FILE_ATTRIBUTE_NORMAL));
    free(w);
}

static void disk__that_is_full__costs_bytes_and_one_warning(void **state)
{
    struct scene *s = *state;
    const char *full = "Z:\\dev\\full";
    wchar_t *w = wide_at(full);
    HANDLE probe = CreateFileW(w, FILE_APPEND_DATA, 7, NULL, OPEN_EXISTING, 0, NULL);
    free(w);
    if (probe == INVALID_HANDLE_VALUE) {
        print_message("[  SKIPPED ] there is no %s, a file that is always full\n", full);
        return;
    }
    CloseHandle(probe);
    HANDLE h = pipe_to(s, (struct output_file){.path = full});
    for (int i = 0; i < 20000; i++)
        say(h, "a line that cannot be written\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    assert_int_equal(told(s, "output.lost"), 1);
    assert_int_equal(told(s, "Windows error 112"), 1);
    assert_int_equal(told(s, "output.resumed"), 0);
}

/* With JOBWARDEN_TEST_SMALL_DISK naming a folder on a disk of at most a mebibyte. */
static void disk__that_fills_up__is_written_again_once_there_is_room(void **state)
{
    struct scene *s = *state;
    const char *disk = getenv("JOBWARDEN_TEST_SMALL_DISK");
    if (!disk) {
        print_message("[  SKIPPED ] JOBWARDEN_TEST_SMALL_DISK names no folder on a small disk\n");
        return;
    }
    char ballast[512], path[512];
    snprintf(ballast, sizeof ballast, "%s\\ballast", disk);
    snprintf(path, sizeof path, "%s\\a.log", disk);
    put_file(ballast, "");
    wchar_t *w = wide_at(ballast), *log = wide_at(path);
    HANDLE b = CreateFileW(w, GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);
    static char block[4096];
    DWORD n = 0;
    for (int i = 0; i < 256 && WriteFile(b, block, sizeof block, &n, NULL) && n > 0; i++)
        ;
    CloseHandle(b);
    HANDLE h = pipe_to(s, (struct output_file){.path = path});
    uint64_t said = 0;
    WAIT_FOR((say(h, "a line\n"), said += 7, told(s, "output.lost") > 0));
    assert_true(DeleteFileW(w));
    free(w);
    said += say_until_resumed(s, h, "a line\n");
    CloseHandle(h);
    finish(s, GENEROUS_MS);
    struct buf got = content(path);
    uint64_t dropped = told_number(s, "output.resumed", "dropped_bytes");
    /* A line may have been torn by the full disk; the next begins on a line of its own. */
    assert_in_range(got.n + dropped, said, said + 1);
    buf_free(&got);
    DeleteFileW(log);
    free(log);
    assert_int_equal(told(s, "output.lost"), 1);
}

static void file__deleted_by_somebody__is_made_anew(void **state)
{
    struct scene *s = *state;
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(h, "into the first\n");
    WAIT_FOR(holds(at(s, "a.log"), "first"));
    wchar_t *w = wide_at(at(s, "a.log"));
    assert_true(DeleteFileW(w));
    free(w);
    if (there(at(s, "a.log"))) { /* Wine keeps the name until the last handle is closed */
        print_message("[  SKIPPED ] an open file cannot be deleted here\n");
        CloseHandle(h);
        return;
    }
    WAIT_FOR((say(h, "again\n"), holds(at(s, "a.log"), "again\n")) &&
             !holds(at(s, "a.log"), "first"));
    assert_int_equal(told(s, "output."), 0);
    CloseHandle(h);
}

static void stop__with_a_pipe_still_held__ends_after_the_grace_with_all_written(void **state)
{
    struct scene *s = *state;
    HANDLE h = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    HANDLE other = pipe_to(s, (struct output_file){.path = at(s, "a.log")});
    say(other, "and a line that nobody ended");
    say(h, "said before the end\n");
    finish(s, 50);
    DWORD n;
    assert_false(WriteFile(h, "x", 1, &n, NULL)); /* nobody listens */
    CloseHandle(h);
    CloseHandle(other);
    assert_true(holds(at(s, "a.log"), "said before the end\n"));
    assert_true(holds(at(s, "a.log"), "and a line that nobody ended"));
}

static DWORD WINAPI flood(void *arg)
{
    static const char line[] = "on and on and on\n";
    for (DWORD n; WriteFile(arg, line, sizeof line - 1, &n, NULL);)
        ;
    return 0;
}

static void stop__while_a_worker_writes_on__ends(void **state)
{
    struct scene *s = *state;
    HANDLE h =
        pipe_to(s, (struct output_file){.path = at(s, "a.log"), .max_size = 1 << 20, .keep = 1});
    HANDLE thread = CreateThread(NULL, 0, flood, h, 0, NULL);
    assert_non_null(thread);
    WAIT_FOR(holds(at(s, "a.log"), "on and on"));
    finish(s, 50);
    assert_int_equal(WaitForSingleObject(thread, GENEROUS_MS), WAIT_OBJECT_0);
    CloseHandle(thread);
    CloseHandle(h);
}

static void stop__at_once_after_start__ends(void **state)
{
    struct scene *s = *state;
    finish(s, 0);
    output_stop(NULL, 0);
}

int test_trouble(void)
{
    const struct CMUnitTest tests[] = {
        SCENE(file__that_is_a_folder__is_told_and_found_again_once_that_is_gone),
        SCENE(file__held_alone_by_another_program__is_found_again_later),
        SCENE(file__in_a_folder_that_cannot_be_made__is_told_with_its_name),
        SCENE(file__marked_read_only__is_told_or_written),
        SCENE(disk__that_is_full__costs_bytes_and_one_warning),
        SCENE(disk__that_fills_up__is_written_again_once_there_is_room),
        SCENE(file__deleted_by_somebody__is_made_anew),
        SCENE(stop__with_a_pipe_still_held__ends_after_the_grace_with_all_written),
        SCENE(stop__while_a_worker_writes_on__ends),
        SCENE(stop__at_once_after_start__ends),
    };
    return cmocka_run_group_tests_name("trouble", tests, NULL, NULL);
}
