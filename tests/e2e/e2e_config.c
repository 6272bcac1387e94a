/* e2e_config.c - the command line and job files, good and bad, as a user meets them; and what of a
 * definition reaches the worker. */
#include "harness_said.h"

#include <stdlib.h>
#include <string.h>
#include <yyjson.h>

#define ODD "Müller 資料 🚀"

static void command_line__each_way_to_type_it_wrong__is_code_2_and_a_hint(struct world *w)
{
    expect(w, "version", 0, "jobwarden ");
    expect(w, "help", 0, "usage: jobwarden.exe");
    expect(w, "help restart_delay", 0, "restart_delay");
    expect(w, "help restart_dely", 1, "restart_dely");
    expect(w, "", 2, "usage: jobwarden.exe");
    expect(w, "chek", 2, "did you mean 'check'?");
    expect(w, "xyzzy", 2, "xyzzy");
    expect(w, "install", 2, "not supported yet");
    expect(w, "check --colour", 2, "--colour");
    expect(w, "check --config", 2, "--config needs");
    expect(w, "check one.ini two.ini", 2, "too many words");
}

static void check__good_file__ends_with_0_and_prints_what_will_run(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\ninstances = 2\n");
    save(w);
    struct said s = say(w, "check jobs.ini");
    assert_int_equal(s.code, 0);
    assert_true(text_has(buf_view(&s.out), "web"));
    assert_true(text_has(buf_view(&s.out), "worker.exe"));
    said_free(&s);
    expect(w, "check --config jobs.ini", 0, "web");
}

static void check__bad_file__ends_with_1_and_prints_every_mistake(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\nrestart = sometimes\nrestart_dely = 1s\n"
                "[jib:x]\n[job:empty]\n");
    save(w); /* lines 1 and 2 are [service] and its name */
    struct said s = say(w, "check jobs.ini");
    assert_int_equal(s.code, 1);
    static const char *const pieces[] = {"jobs.ini:5: error[", "jobs.ini:6: error[",
                                         "restart_delay", "jobs.ini:7: error[",
                                         "jobs.ini:8: error["};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        if (!text_has(buf_view(&s.out), pieces[i]))
            fail_msg("no '%s' in\n%s", pieces[i], buf_text(&s.out));
    said_free(&s);
}

static yyjson_doc *json_of(const struct said *s)
{
    yyjson_doc *doc = yyjson_read(s->out.p, s->out.n, 0);
    if (!doc)
        fail_msg("this is not JSON:\n%s", buf_text(&s->out));
    return doc;
}

static void check__as_json__parses_and_holds_places_and_instances(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\ninstances = 2\n");
    save(w);
    struct said s = say(w, "check --json jobs.ini");
    yyjson_doc *doc = json_of(&s);
    yyjson_val *root = yyjson_doc_get_root(doc);
    assert_int_equal(s.code, 0);
    assert_int_equal(yyjson_get_uint(yyjson_obj_get(root, "errors")), 0);
    yyjson_val *units = yyjson_obj_get(root, "instances");
    assert_int_equal(yyjson_arr_size(units), 2);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(yyjson_arr_get(units, 1), "job")), "web");
    yyjson_doc_free(doc);
    said_free(&s);

    job_file(w, "restart = sometimes\n");
    save(w);
    s = say(w, "check --json jobs.ini");
    doc = json_of(&s);
    yyjson_val *first =
        yyjson_arr_get_first(yyjson_obj_get(yyjson_doc_get_root(doc), "diagnostics"));
    assert_int_equal(s.code, 1);
    assert_string_equal(yyjson_get_str(yyjson_obj_get(first, "severity")), "error");
    assert_int_equal(yyjson_get_uint(yyjson_obj_get(first, "line")), 6);
    yyjson_doc_free(doc);
    said_free(&s);
}

static void job_file__missing_locked_or_a_folder__is_told_and_nothing_runs(struct world *w)
{
    char *folder = below(w, "folder.ini"), *locked = below(w, "locked.ini");
    folder_make(folder);
    file_write(locked, STR("[job:web]\ncommand = x\n"));
    wchar_t *wide = wide_or_fail(locked);
    HANDLE alone = CreateFileW(wide, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    free(wide);
    assert_true(alone != INVALID_HANDLE_VALUE);
    static const char *const verbs[] = {"check", "run"};
    for (int i = 0; i < 2; i++) {
        static const struct {
            const char *file, *piece;
        } rows[] = {{"nowhere.ini", "nowhere.ini: error["},
                    {"folder.ini", "folder.ini: error["},
                    {"locked.ini", "locked.ini: error["}};
        for (int k = 0; k < 3; k++) {
            char *words = path_f("%s --config %s", verbs[i], rows[k].file);
            expect(w, words, 1, rows[k].piece);
            free(words);
        }
    }
    CloseHandle(alone);
    free(folder);
    free(locked);
}

static void run__one_mistake_among_good_jobs__starts_nothing_and_ends_with_1(struct world *w)
{
    job_file(w, "[job:good]\ncommand = @worker --touch seen --hold\n"
                "[job:bad]\ncommand = @worker --hold\nstop = ctrl-x:1s\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    struct buf err = {0};
    char *seen = below(w, "seen");
    assert_true(file_read(w->warden.err, &err));
    assert_true(text_has(buf_view(&err), "jobs.ini:7: error["));
    assert_true(text_has(buf_view(&err), "nothing was started"));
    assert_false(file_exists(seen));
    assert_int_equal(log_now(w).n, 0);
    buf_free(&err);
    free(seen);
}

static void service__typed_in_a_console__explains_itself(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n");
    save(w);
    char *words = path_f("service --config \"%s\\jobs.ini\"", w->dir);
    expect(w, words, 1, "jobwarden.exe run --config"); /* Wine takes 10 s */
    free(words);
    expect(w, "service --config jobs.ini", 1, "full path");
}

static void second_service__of_the_same_name__is_refused(struct world *w)
{
    job_file(w, "[job:web]\ncommand = @worker --hold\n");
    service_start(w);
    HANDLE worker = worker_of(w, "web.1");
    char *sentence = path_f("a service named '%s' is already running", w->service);
    expect(w, "run --config jobs.ini", 1, sentence);
    free(sentence);
    assert_false(process_gone(worker));
    assert_true(program_alive(&w->warden));
    assert_int_equal(service_stop(w), 0);
}

static void expect_file(struct world *w, const char *name, const char *const *line, size_t n)
{
    struct buf text = {0};
    char *path = below(w, name);
    if (!file_read(path, &text))
        fail_msg("%s is missing", name);
    for (size_t i = 0; i < n; i++) {
        bool found = false;
        for (struct str rest = buf_view(&text), one; !found && line_next(&rest, &one);)
            found = str_is(one, line[i]);
        if (!found)
            fail_msg("no line '%s' in\n%s", line[i], buf_text(&text));
    }
    buf_free(&text);
    free(path);
}

static void arguments__of_every_kind__reach_the_worker_unchanged(struct world *w)
{
    job_file(w, "[job:args]\nrestart = never\nstdout = " ODD ".txt\n"
                "command = @worker --print-args -- \"" ODD "\" \"\" \"say \\\"hi\\\"\" C:\\dir\\ "
                "\"trail\\\\\" a;b #c 100%%PATH%% ^&| $$5 ${job}.${instance}\n");
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    static const char *const lines[] = {
        "arg[3]=" ODD,      "arg[4]=",       "arg[5]=say \"hi\"", "arg[6]=C:\\dir\\",
        "arg[7]=trail\\",   "arg[8]=a;b",    "arg[9]=#c",         "arg[10]=100%PATH%",
        "arg[11]=^&|",      "arg[12]=$5",    "arg[13]=args.1",
    };
    expect_file(w, ODD ".txt", lines, sizeof lines / sizeof *lines);
}

static void command__of_30000_characters__reaches_the_worker_whole(struct world *w)
{
    enum { LONG = 30000 };
    static char argument[LONG + 1], line[LONG + 16];
    for (int i = 0; i < LONG; i++)
        argument[i] = (char)('a' + i % 26);
    job_file(w, "[job:long]\ncommand = @worker --print-args -- %s\nrestart = never\n"
                "stdout = long.txt\n",
             argument);
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    strcat(strcpy(line, "arg[3]="), argument);
    const char *const lines[] = {line};
    expect_file(w, "long.txt", lines, 1);
}

static void program__in_an_odd_folder_with_blanks__runs_in_a_directory_of_its_own(struct world *w)
{
    char *bin = below(w, "bin " ODD), *where = below(w, "work " ODD);
    char *copy = path_f("%s\\my worker 資.exe", bin);
    folder_make(bin);
    folder_make(where);
    wchar_t *from = wide_or_fail(w->worker), *to = wide_or_fail(copy);
    assert_true(CopyFileW(from, to, TRUE));
    free(from);
    free(to);
    job_file(w, "[defaults]\nrestart = never\n"
                "[job:full]\ncommand = \"%s\" --print-cwd\ndirectory = work " ODD "\n"
                "stdout = full.txt\n"
                "[job:relative]\ncommand = \"..\\bin " ODD "\\my worker 資\" --print-cwd\n"
                "directory = work " ODD "\nstdout = relative.txt\n"
                "[job:usual]\ncommand = @worker --print-cwd\nstdout = usual.txt\n",
             copy);
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    char *cwd = path_f("cwd=%s", where), *usual = path_f("cwd=%s", w->dir);
    const char *const line[] = {cwd}, *const top[] = {usual};
    expect_file(w, "full.txt", line, 1);
    expect_file(w, "relative.txt", line, 1);
    expect_file(w, "usual.txt", top, 1);
    free(cwd);
    free(usual);
    free(copy);
    free(where);
    free(bin);
}

static void environment__of_a_worker__is_merged_in_order(struct world *w)
{
    char *file = below(w, "web.env"), *name = path_f("JOBWARDEN_SERVICE=%s", w->service);
    file_write(file, STR("; weaker\nCOLOUR=file\nFILE_ONLY=yes ${job}\n"));
    SetEnvironmentVariableW(L"E2E_INHERITED", L"from outside");
    job_file(w, "[defaults]\nrestart = never\nenv.COLOUR = default\nenv.SHAPE = round\n"
                "[job:web]\ncommand = @worker --print-env\nfirst_instance = 4\nstdout = web.txt\n"
                "env.Colour = " ODD "\nenv.PLACE = ${job}-${instance}\nenv_file = web.env\n"
                "[job:bare]\ncommand = @worker --print-env E2E_INHERITED\nenv_inherit = no\n"
                "stdout = bare.txt\n");
    service_start(w);
    SetEnvironmentVariableW(L"E2E_INHERITED", NULL);
    assert_int_equal(service_wait(w), 0);
    const char *const web[] = {"JOBWARDEN_JOB=web", "JOBWARDEN_INSTANCE=4", name, "SHAPE=round",
                               "PLACE=web-4", "FILE_ONLY=yes ${job}", "E2E_INHERITED=from outside"};
    static const char *const bare[] = {"E2E_INHERITED is not set"};
    expect_file(w, "web.txt", web, sizeof web / sizeof *web);
    expect_file(w, "bare.txt", bare, 1);
    struct buf text = {0};
    char *path = below(w, "web.txt");
    assert_true(file_read(path, &text));
    assert_true(text_has(buf_view(&text), "=" ODD)); /* under either spelling of COLOUR */
    assert_false(text_has(buf_view(&text), "=default"));
    assert_false(text_has(buf_view(&text), "=file"));
    buf_free(&text);
    free(path);
    free(name);
    free(file);
}

static void batch_file__with_arguments__runs_and_a_dangerous_one_is_refused(struct world *w)
{
    char *batch = below(w, "my batch.cmd");
    file_write(batch, STR("@echo first=%~1\r\n@echo second=%~2\r\n@exit /b 7\r\n"));
    job_file(w, "[defaults]\nrestart = never\nsuccess_exit_codes = 7\n"
                "[job:batch]\ncommand = \".\\my batch.cmd\" \"two words\" three\n"
                "stdout = batch.txt\n"
                "[job:evil]\ncommand = \".\\my batch.cmd\" \"a&calc\"\nstdout = evil.txt\n");
    service_start(w);
    assert_int_equal(service_wait(w), 1);
    static const char *const lines[] = {"first=two words", "second=three"};
    expect_file(w, "batch.txt", lines, 2);
    struct str log = log_now(w);
    assert_int_equal(lines_matching(log, "job.ended job=batch.1 * code=7"), 1);
    assert_int_equal(lines_matching(log, "job.start_failed job=evil.1 error="), 1);
    free(batch);
}

static void included_files__by_pattern__run_and_their_mistakes_name_them(struct world *w)
{
    char *folder = below(w, "jobs.d"), *one = below(w, "jobs.d\\one.ini");
    folder_make(folder);
    file_write(one, STR("[job:one]\ncommand = cmd.exe /d /c \"exit 0\"\nrestart = never\n"));
    job_file(w, "[include]\nfiles = jobs.d\\*.ini\n");
    service_start(w);
    assert_int_equal(service_wait(w), 0);
    assert_int_equal(lines_matching(log_now(w), "job.exited job=one.1"), 1);
    file_write(one, STR("[job:one]\ncomand = x\n"));
    expect(w, "check jobs.ini", 1, "one.ini:2: error[");
    free(folder);
    free(one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        E2E(command_line__each_way_to_type_it_wrong__is_code_2_and_a_hint),
        E2E(check__good_file__ends_with_0_and_prints_what_will_run),
        E2E(check__bad_file__ends_with_1_and_prints_every_mistake),
        E2E(check__as_json__parses_and_holds_places_and_instances),
        E2E(job_file__missing_locked_or_a_folder__is_told_and_nothing_runs),
        E2E(run__one_mistake_among_good_jobs__starts_nothing_and_ends_with_1),
        E2E(service__typed_in_a_console__explains_itself),
        E2E(second_service__of_the_same_name__is_refused),
        E2E_IN(arguments__of_every_kind__reach_the_worker_unchanged, " " ODD),
        E2E(command__of_30000_characters__reaches_the_worker_whole),
        E2E_IN(program__in_an_odd_folder_with_blanks__runs_in_a_directory_of_its_own, " " ODD),
        E2E(environment__of_a_worker__is_merged_in_order),
        E2E(batch_file__with_arguments__runs_and_a_dangerous_one_is_refused),
        E2E(included_files__by_pattern__run_and_their_mistakes_name_them),
    };
    return cmocka_run_group_tests_name("job files and the command line", tests, NULL, NULL);
}
