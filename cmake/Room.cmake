# One room is one static library; its name is the folder's. Warnings are errors in our code only.

add_library(jw_options INTERFACE)
target_include_directories(jw_options INTERFACE "${PROJECT_SOURCE_DIR}")
if(MSVC)
  # C4204, C4221: aggregate initialisers that are not constant are C11.
  target_compile_options(jw_options INTERFACE /W4 /WX /wd4204 /wd4221 /utf-8 /guard:cf)
  target_link_options(jw_options INTERFACE /guard:cf)
  target_compile_definitions(jw_options INTERFACE _CRT_SECURE_NO_WARNINGS)
else()
  target_compile_options(jw_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow
    -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror)
endif()
if(WIN32)
  target_compile_definitions(jw_options INTERFACE UNICODE _UNICODE WIN32_LEAN_AND_MEAN NOMINMAX
    _WIN32_WINNT=0x0A00 WINVER=0x0A00 NTDDI_VERSION=0x0A000000 PSAPI_VERSION=2)
endif()
if(MINGW)
  # msvcrt's own printf knows neither %zu nor %llu; mingw's does.
  target_compile_definitions(jw_options INTERFACE __USE_MINGW_ANSI_STDIO=1)
endif()

# jw_room(NAME SOURCES... [LINK LIBS...])
function(jw_room name)
  cmake_parse_arguments(R "" "" "LINK" ${ARGN})
  add_library(${name} STATIC ${R_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PUBLIC jw_options ${R_LINK})
endfunction()

# On Windows what cmocka prints decides: when Wine's server dies, a program ends early and with code 0.
function(jw_verdict name)
  if(WIN32)
    set_tests_properties(${name} PROPERTIES PASS_REGULAR_EXPRESSION "\\[  PASSED  \\]"
      FAIL_REGULAR_EXPRESSION "\\[  (FAILED|ERROR) ")
  endif()
endfunction()

# jw_test(NAME SOURCES... LINK LIBS... [TIMEOUT SECONDS] [LABELS WORDS...]): one cmocka program,
# one entry of ctest; under Wine an entry costs seconds, so tests are grouped by area.
function(jw_test name)
  cmake_parse_arguments(T "" "TIMEOUT" "LINK;LABELS" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 120)
  endif()
  add_executable(${name} ${T_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE jw_options ${T_LINK} cmocka)
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${T_TIMEOUT} LABELS "${T_LABELS}")
  jw_verdict(${name})
endfunction()
