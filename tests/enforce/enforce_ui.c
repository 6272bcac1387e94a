/* enforce_ui.c - the user interface out of reach: this program once more, as a restricted child.
 * ExitWindows is not tried: where it were not refused, it would end the session. */
#include "tests/enforce/court.h"
#include "tests/enforce/test_enforce.h"

#include "service/win32/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ATOM_NAME L"jobwarden enforce"

/* --- the child -------------------------------------------------------------------------- */
static void read_clipboard(void)
{
    BOOL open = OpenClipboard(NULL);
    bool read = open && GetClipboardData(CF_UNICODETEXT) != NULL;
    printf("clipboard %s\n", read ? "read" : "refused");
    if (open)
        CloseClipboard();
}

static void write_clipboard(void)
{
    BOOL open = OpenClipboard(NULL);
    printf("clipboard %s\n", open && EmptyClipboard() ? "emptied" : "refused");
    if (open)
        CloseClipboard();
}

int enforce_child(const char *what)
{
    if (strcmp(what, "atom") == 0)
        printf("atom %s\n", GlobalFindAtomW(ATOM_NAME) ? "found" : "hidden");
    else if (strcmp(what, "read") == 0)
        read_clipboard();
    else if (strcmp(what, "write") == 0)
        write_clipboard();
    else
        return 2;
    fflush(stdout);
    return 0;
}

/* --- the tests -------------------------------------------------------------------------- */
static void need_ui(const struct court *c)
{
    court_needs(c, LIMIT_UI_RESTRICTIONS);
    if (c->machine.in_job)
        court_skip("this runs inside a Job Object, below which none has UI restrictions");
}

/* What the child says of WHAT in a job with RESTRICTIONS. */
static void expect_child(struct court *c, uint32_t restrictions, const char *what, const char *said)
{
    char command[1024];
    char *self = path_of_self();
    court_job(c, &(struct limits){.ui_restrictions = restrictions});
    snprintf(command, sizeof command, "\"%s\" %s", self, what);
    free(self);
    struct worker *w = court_run(c, command);
    court_hear(w, said);
    assert_int_equal(court_end(w), 0);
    job_close(c->job[--c->jobs]);
}

static void globalatoms__of_a_restricted_job__hides_the_others_atoms(void **state)
{
    struct court *c = *state;
    need_ui(c);
    ATOM atom = GlobalAddAtomW(ATOM_NAME);
    assert_int_not_equal(atom, 0);
    expect_child(c, UI_DESKTOP, "atom", "atom found");
    expect_child(c, UI_GLOBALATOMS, "atom", "atom hidden");
    GlobalDeleteAtom(atom);
}

static void clipboard__of_a_restricted_job__cannot_be_read_or_written(void **state)
{
    struct court *c = *state;
    need_ui(c);
    if (!OpenClipboard(NULL))
        court_skip("there is no clipboard here");
    HGLOBAL text = GlobalAlloc(GMEM_MOVEABLE, 2 * sizeof(wchar_t));
    assert_non_null(text);
    memcpy(GlobalLock(text), L"x", 2 * sizeof(wchar_t));
    GlobalUnlock(text);
    EmptyClipboard();
    assert_non_null(SetClipboardData(CF_UNICODETEXT, text)); /* it is the clipboard's now */
    CloseClipboard();
    expect_child(c, UI_WRITECLIPBOARD, "read", "clipboard read");
    expect_child(c, UI_READCLIPBOARD, "read", "clipboard refused");
    expect_child(c, UI_WRITECLIPBOARD, "write", "clipboard refused");
}

int enforce_ui(void)
{
    const struct CMUnitTest tests[] = {
        COURT(globalatoms__of_a_restricted_job__hides_the_others_atoms),
        COURT(clipboard__of_a_restricted_job__cannot_be_read_or_written),
    };
    return cmocka_run_group_tests_name("user interface", tests, NULL, NULL);
}
