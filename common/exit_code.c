/* exit_code.c - one row a code. */
#include "common/exit_code.h"

static const struct row {
    uint32_t code;
    const char *name, *meaning;
} rows[] = {
    {0x40010004, "DBG_TERMINATE_PROCESS", "ended by Windows at shutdown or log-off"},
    {0x40000015, "STATUS_FATAL_APP_EXIT", "the program's runtime gave up"},
    {0x80000001, "STATUS_GUARD_PAGE_VIOLATION", "touched a guard page"},
    {0x80000002, "STATUS_DATATYPE_MISALIGNMENT", "read or wrote misaligned data"},
    {0x80000003, "STATUS_BREAKPOINT", "hit a breakpoint with no debugger"},
    {0x80000004, "STATUS_SINGLE_STEP", "single step with no debugger"},
    {0xC0000005, "STATUS_ACCESS_VIOLATION", "read, wrote or ran memory it must not"},
    {0xC0000006, "STATUS_IN_PAGE_ERROR", "its file could not be read: lost share or disk"},
    {0xC0000017, "STATUS_NO_MEMORY", "out of memory or above its memory limit"},
    {0xC000001D, "STATUS_ILLEGAL_INSTRUCTION", "an instruction that this CPU has not"},
    {0xC0000025, "STATUS_NONCONTINUABLE_EXCEPTION", "went on after an exception that forbids it"},
    {0xC0000026, "STATUS_INVALID_DISPOSITION", "an exception handler gave a wrong answer"},
    {0xC000007B, "STATUS_INVALID_IMAGE_FORMAT", "a DLL is damaged or of the wrong bitness"},
    {0xC000008C, "STATUS_ARRAY_BOUNDS_EXCEEDED", "index outside an array"},
    {0xC000008E, "STATUS_FLOAT_DIVIDE_BY_ZERO", "floating-point division by zero"},
    {0xC0000094, "STATUS_INTEGER_DIVIDE_BY_ZERO", "division by zero"},
    {0xC0000095, "STATUS_INTEGER_OVERFLOW", "integer overflow"},
    {0xC0000096, "STATUS_PRIVILEGED_INSTRUCTION", "an instruction only for the kernel"},
    {0xC00000FD, "STATUS_STACK_OVERFLOW", "the stack is full: endless recursion"},
    {0xC0000135, "STATUS_DLL_NOT_FOUND", "a DLL it needs is missing"},
    {0xC0000138, "STATUS_ORDINAL_NOT_FOUND", "a DLL is of another version"},
    {0xC0000139, "STATUS_ENTRYPOINT_NOT_FOUND", "a DLL is of another version"},
    {0xC000013A, "STATUS_CONTROL_C_EXIT", "ended by Ctrl+C or Ctrl+Break"},
    {0xC0000142, "STATUS_DLL_INIT_FAILED",
     "could not initialise; with many workers often the desktop heap"},
    {0xC0000374, "STATUS_HEAP_CORRUPTION", "the heap was damaged"},
    {0xC0000409, "STATUS_STACK_BUFFER_OVERRUN", "aborted itself (abort or fast-fail)"},
    {0xC0000417, "STATUS_INVALID_CRUNTIME_PARAMETER", "wrong argument to a C runtime function"},
    {0xC0000420, "STATUS_ASSERTION_FAILURE", "an assertion failed"},
    {0xE06D7363, "CPP_EXCEPTION", "uncaught C++ exception"},
    {0xE0434352, "CLR_EXCEPTION", "uncaught .NET exception"},
};

static const struct row *find(uint32_t code)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}

const char *exit_code_name(uint32_t code)
{
    const struct row *r = find(code);
    return r ? r->name : NULL;
}

const char *exit_code_meaning(uint32_t code)
{
    const struct row *r = find(code);
    return r ? r->meaning : NULL;
}

bool exit_code_by_name(struct str name, uint32_t *ret)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_ieq(name, str_of(rows[i].name))) {
            *ret = rows[i].code;
            return true;
        }
    return false;
}

bool exit_code_abnormal(uint32_t code)
{
    return find(code) || (code >= UINT32_C(0x80000000) && code < UINT32_C(0xF0000000));
}

void exit_code_print(uint32_t code, struct buf *out)
{
    buf_f(out, code < 0x10000 ? "%u" : "0x%08X", (unsigned)code);
}
