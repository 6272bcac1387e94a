/* exit_code.c - one row a code, in their order. */
#include "common/exit_code.h"

static const struct row {
    uint32_t code;
    const char *name, *meaning;
} rows[] = {
    {1816, "ERROR_NOT_ENOUGH_QUOTA",
     "ended by Windows: the CPU time of its job or process is used up, or a quota was refused"},
    {0x40000015, "STATUS_FATAL_APP_EXIT", "the program's runtime gave up; see its own output"},
    {0x40010004, "DBG_TERMINATE_PROCESS", "ended by Windows at shutdown or log-off"},
    {0x80000001, "STATUS_GUARD_PAGE_VIOLATION", "touched a guard page"},
    {0x80000002, "STATUS_DATATYPE_MISALIGNMENT", "read or wrote misaligned data"},
    {0x80000003, "STATUS_BREAKPOINT",
     "hit a breakpoint or a failed assertion with no debugger attached"},
    {0x80000004, "STATUS_SINGLE_STEP", "single step with no debugger attached"},
    {0xC0000005, "STATUS_ACCESS_VIOLATION",
     "read, wrote or ran memory it must not: a null or dangling pointer, or a failed allocation"},
    {0xC0000006, "STATUS_IN_PAGE_ERROR", "its file could not be read: lost share or disk"},
    {0xC0000017, "STATUS_NO_MEMORY",
     "out of memory: above a memory limit, or the machine's commit is used up"},
    {0xC000001D, "STATUS_ILLEGAL_INSTRUCTION", "an instruction that this CPU has not"},
    {0xC0000022, "STATUS_ACCESS_DENIED",
     "its account may not use a file, DLL or object that it needs"},
    {0xC0000025, "STATUS_NONCONTINUABLE_EXCEPTION", "went on after an exception that forbids it"},
    {0xC0000026, "STATUS_INVALID_DISPOSITION", "an exception handler gave a wrong answer"},
    {0xC000007B, "STATUS_INVALID_IMAGE_FORMAT",
     "a DLL is damaged or of the wrong bitness: 32 bits in a 64-bit program or the other way"},
    {0xC000008C, "STATUS_ARRAY_BOUNDS_EXCEEDED", "index outside an array"},
    {0xC000008E, "STATUS_FLOAT_DIVIDE_BY_ZERO", "floating-point division by zero"},
    {0xC0000094, "STATUS_INTEGER_DIVIDE_BY_ZERO", "division by zero"},
    {0xC0000095, "STATUS_INTEGER_OVERFLOW", "integer overflow"},
    {0xC0000096, "STATUS_PRIVILEGED_INSTRUCTION", "an instruction only for the kernel"},
    {0xC000009A, "STATUS_INSUFFICIENT_RESOURCES",
     "Windows is short of a resource: kernel memory, handles or commit"},
    {0xC00000FD, "STATUS_STACK_OVERFLOW", "the stack is full: often an endless recursion"},
    {0xC000012D, "STATUS_COMMITMENT_LIMIT",
     "the machine's commit is used up: too little memory and page file for all that runs"},
    {0xC0000135, "STATUS_DLL_NOT_FOUND",
     "a DLL it needs is not beside it nor on its PATH; a runtime may not be installed"},
    {0xC0000138, "STATUS_ORDINAL_NOT_FOUND",
     "a DLL is of another version: it lacks a function by number"},
    {0xC0000139, "STATUS_ENTRYPOINT_NOT_FOUND",
     "a DLL is of another version, or Windows is too old: a function is missing"},
    {0xC000013A, "STATUS_CONTROL_C_EXIT", "ended by Ctrl+C, Ctrl+Break or a closed console"},
    {0xC0000142, "STATUS_DLL_INIT_FAILED",
     "the program could not initialise; with many workers often desktop heap"},
    {0xC0000144, "STATUS_UNHANDLED_EXCEPTION", "an exception that nobody handled"},
    {0xC0000374, "STATUS_HEAP_CORRUPTION",
     "the heap was damaged earlier: written past a block, or freed twice"},
    {0xC0000409, "STATUS_STACK_BUFFER_OVERRUN",
     "aborted itself: abort(), a fast-fail check, or a damaged stack"},
    {0xC0000417, "STATUS_INVALID_CRUNTIME_PARAMETER", "wrong argument to a C runtime function"},
    {0xC0000420, "STATUS_ASSERTION_FAILURE", "an assertion failed"},
    {0xE0434352, "CLR_EXCEPTION",
     "uncaught .NET exception; the Application event log has its stack"},
    {0xE06D7363, "CPP_EXCEPTION", "uncaught C++ exception"},
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
    return (code >= 0x10000 && find(code)) ||
           (code >= UINT32_C(0x80000000) && code < UINT32_C(0xF0000000));
}

void exit_code_print(uint32_t code, struct buf *out)
{
    buf_f(out, code < 0x10000 ? "%u" : "0x%08X", (unsigned)code);
}
