/* account.c - see account.h. */
#include "service/job/account.h"

#include "service/job/violation.h"
#include "service/win32/oserr.h"

_Static_assert(sizeof(JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION) == 96, "class 8");

/* What a kernel answers that has no such class: Windows 87, Wine 1 or 87. */
static bool unknown_class(DWORD code)
{
    return code == ERROR_INVALID_FUNCTION || code == ERROR_INVALID_PARAMETER ||
           code == ERROR_NOT_SUPPORTED || code == ERROR_CALL_NOT_IMPLEMENTED;
}

/* ST_UNSUPPORTED where the kernel has no such class. */
static enum st query(HANDLE job, JOBOBJECTINFOCLASS what, void *buf, DWORD n, struct err *e)
{
    if (QueryInformationJobObject(job, what, buf, n, NULL))
        return ST_OK;
    DWORD code = GetLastError();
    enum st st = err_os(e, code, "QueryInformationJobObject (class %d)", (int)what);
    if (!unknown_class(code))
        return st;
    if (e)
        e->st = ST_UNSUPPORTED;
    return ST_UNSUPPORTED;
}

static uint64_t time_of(LARGE_INTEGER t)
{
    return t.QuadPart > 0 ? (uint64_t)t.QuadPart : 0;
}

static struct account account_of(const JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION *a,
                                 const JOBOBJECT_EXTENDED_LIMIT_INFORMATION *x)
{
    const JOBOBJECT_BASIC_ACCOUNTING_INFORMATION *b = &a->BasicInfo;
    return (struct account){
        .user = time_of(b->TotalUserTime),
        .kernel = time_of(b->TotalKernelTime),
        .period_user = time_of(b->ThisPeriodTotalUserTime),
        .period_kernel = time_of(b->ThisPeriodTotalKernelTime),
        .page_faults = b->TotalPageFaultCount,
        .processes = b->TotalProcesses,
        .terminated = b->TotalTerminatedProcesses,
        .io = {a->IoInfo.ReadOperationCount, a->IoInfo.WriteOperationCount,
               a->IoInfo.OtherOperationCount, a->IoInfo.ReadTransferCount,
               a->IoInfo.WriteTransferCount, a->IoInfo.OtherTransferCount},
        .peak_process_commit = x->PeakProcessMemoryUsed,
        .peak_commit = x->PeakJobMemoryUsed,
    };
}

enum st job_account(HANDLE job, struct account *ret, struct err *e)
{
    JOBOBJECT_BASIC_AND_IO_ACCOUNTING_INFORMATION a = {0};
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION x = {0};
    enum st st = query(job, JobObjectBasicAndIoAccountingInformation, &a, sizeof a, e);
    if (st == ST_UNSUPPORTED)
        st = query(job, JobObjectBasicAccountingInformation, &a.BasicInfo, sizeof a.BasicInfo, e);
    if (st == ST_OK)
        st = query(job, JobObjectExtendedLimitInformation, &x, sizeof x, e);
    if (st == ST_OK)
        *ret = account_of(&a, &x);
    return st;
}

enum st job_violation(HANDLE job, struct violation *ret, struct err *e)
{
    struct jw_violation_2 two = {0};
    JOBOBJECT_LIMIT_VIOLATION_INFORMATION one = {0};
    enum st st = query(job, JW_CLASS_VIOLATION_2, &two, sizeof two, e);
    if (st == ST_OK) {
        *ret = violation_from_34(&two);
        return ST_OK;
    }
    if (st != ST_UNSUPPORTED)
        return st;
    st = query(job, JobObjectLimitViolationInformation, &one, sizeof one, e);
    if (st == ST_OK)
        *ret = violation_from_13(&one);
    return st;
}

uint64_t job_memory(HANDLE job, uint64_t peak)
{
    struct jw_memory_usage x = {0};
    return QueryInformationJobObject(job, JW_CLASS_MEMORY_USAGE, &x, sizeof x, NULL) ? x.now : peak;
}
