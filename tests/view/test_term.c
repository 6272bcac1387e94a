/* test_term.c - key events of the console as keys, and standard output that is no console. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "service/term/guard.h"
#include "service/term/keys.h"
#include "service/term/term.h"

enum { NONE = -1, ALTGR = LEFT_CTRL_PRESSED | RIGHT_ALT_PRESSED };

static void event__of_a_key__is_that_key_or_none(void **state)
{
    (void)state;
    static const struct {
        BOOL down;
        WORD virtual_key;
        WCHAR c;
        DWORD control;
        int code;
        uint32_t expected;
    } rows[] = {
        {TRUE, VK_UP, 0, ENHANCED_KEY, KEY_UP, 0},
        {FALSE, VK_UP, 0, ENHANCED_KEY, NONE, 0},
        {TRUE, VK_NEXT, 0, 0, KEY_PAGE_DOWN, 0},
        {TRUE, 'J', 'j', 0, KEY_CHAR, 'j'},
        {TRUE, 'R', 'R', SHIFT_PRESSED, KEY_CHAR, 'R'},
        {TRUE, VK_SHIFT, 0, SHIFT_PRESSED, NONE, 0},
        {TRUE, VK_OEM_2, '/', 0, KEY_CHAR, '/'},
        {TRUE, 'C', 3, LEFT_CTRL_PRESSED, KEY_INTERRUPT, 0},
        {TRUE, VK_CANCEL, 3, LEFT_CTRL_PRESSED, KEY_INTERRUPT, 0},
        {TRUE, VK_ESCAPE, 27, 0, KEY_ESCAPE, 0},
        {TRUE, VK_ESCAPE, 0, 0, KEY_ESCAPE, 0}, /* as Wine gives it */
        {TRUE, 0, 27, 0, KEY_ESCAPE, 0},
        {TRUE, VK_BACK, 8, 0, KEY_BACKSPACE, 0},
        {TRUE, VK_BACK, 127, LEFT_CTRL_PRESSED, KEY_BACKSPACE, 0},
        {TRUE, VK_RETURN, 13, 0, KEY_ENTER, 0},
        {TRUE, 'Q', '@', ALTGR, KEY_CHAR, '@'}, /* of a German keyboard */
        {TRUE, 'K', 'k', LEFT_ALT_PRESSED, NONE, 0},
        {TRUE, 'K', 11, LEFT_CTRL_PRESSED, NONE, 0},
        {TRUE, 0, 0xE9, 0, KEY_CHAR, 0xE9},
        {TRUE, 0, 0xD83D, 0, NONE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct key key = {KEY_CHAR, 0};
        const KEY_EVENT_RECORD event = {.bKeyDown = rows[i].down,
                                        .wRepeatCount = 1,
                                        .wVirtualKeyCode = rows[i].virtual_key,
                                        .uChar = {.UnicodeChar = rows[i].c},
                                        .dwControlKeyState = rows[i].control};
        bool is_key = key_of_event(&event, &key);
        assert_int_equal(is_key, rows[i].code != NONE);
        if (is_key) {
            assert_int_equal(key.code, rows[i].code);
            assert_int_equal(key.c, rows[i].expected);
        }
    }
}

static void output__into_a_pipe__is_plain_and_unlimited(void **state)
{
    (void)state;
    struct term t;
    HANDLE ours = NULL, theirs = NULL;
    assert_true(CreatePipe(&theirs, &ours, NULL, 0));
    term_open(&t, ours);
    assert_false(term_is_console(ours));
    assert_int_equal(term_width(ours), 0);
    assert_int_equal(t.style.width, 0);
    assert_false(t.style.colour);
    assert_true(t.style.utf8);
    term_close(&t);
    CloseHandle(ours);
    CloseHandle(theirs);
    assert_false(term_is_console(NULL));
    assert_false(term_is_console(INVALID_HANDLE_VALUE));
}

static void guard__begun_and_ended__can_begin_again(void **state)
{
    (void)state;
    struct err e = {0};
    guard_end();
    for (int i = 0; i < 3; i++) {
        assert_int_equal(guard_begin(&e), ST_OK);
        assert_int_equal(WaitForSingleObject(guard_event(), 0), WAIT_TIMEOUT);
        guard_end();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event__of_a_key__is_that_key_or_none),
        cmocka_unit_test(output__into_a_pipe__is_plain_and_unlimited),
        cmocka_unit_test(guard__begun_and_ended__can_begin_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
