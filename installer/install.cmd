@echo off
rem install.cmd [NAME [JOBFILE [EXE]]] - registers the service NAME (Jobwarden) for JOBFILE
rem (%ProgramData%\Jobwarden\jobwarden.ini) with EXE (jobwarden.exe in this folder or the one above), and starts
rem nothing. Run it again to change an existing registration. Needs an elevated prompt.
setlocal EnableExtensions DisableDelayedExpansion

set "NAME=%~1"
if not defined NAME set "NAME=Jobwarden"
set "JOBFILE=%~f2"
if "%~2"=="" set "JOBFILE=%ProgramData%\Jobwarden\jobwarden.ini"
set "EXE=%~f3"
if not "%~3"=="" goto have_exe
set "EXE=%~dp0jobwarden.exe"
if not exist "%EXE%" set "EXE=%~dp0..\jobwarden.exe"
:have_exe
rem By their full paths: cmd.exe looks into the current folder before it looks into Windows'.
set "SC=%SystemRoot%\System32\sc.exe"
set "REG=%SystemRoot%\System32\reg.exe"
set "PING=%SystemRoot%\System32\ping.exe"

if not exist "%EXE%" (
    echo install: "%EXE%" does not exist; give its path as the third argument 1>&2
    exit /b 1
)
for %%I in ("%EXE%") do set "EXE=%%~fI"
if not exist "%JOBFILE%" (
    echo install: the job file "%JOBFILE%" does not exist; write it first, or give its path as the second argument 1>&2
    exit /b 1
)
"%EXE%" check "%JOBFILE%"
if errorlevel 1 (
    echo install: the job file has mistakes; nothing was registered 1>&2
    exit /b 1
)

"%SC%" query "%NAME%" >nul 2>nul
if errorlevel 1 goto create

echo install: "%NAME%" is registered already; changing it, for its next start
rem The literal quotes around the program keep C:\Program.exe from being tried for C:\Program Files. To cmd.exe they
rem end its own quotes, so that a path with an ampersand would be cut there; what 'for' puts in is not read again.
for %%E in ("%EXE%") do for %%J in ("%JOBFILE%") do "%SC%" config "%NAME%" binPath= "\"%%~E\" service --config \"%%~J\"" start= delayed-auto >nul 2>nul
set CODE=%errorlevel%
if %CODE% equ 0 goto settings
rem Windows' own sc.exe ends with the Windows error, never with 1. With 1 ends one that has no 'config'
rem (Wine's): there the registration is made anew.
if %CODE% neq 1 (
    echo install: sc.exe could not change "%NAME%": Windows error %CODE%; is this an elevated prompt? 1>&2
    exit /b 1
)
"%SC%" stop "%NAME%" >nul 2>nul
"%SC%" delete "%NAME%" >nul 2>nul
set TRIES=0
:wait_gone
"%SC%" query "%NAME%" >nul 2>nul
if errorlevel 1 goto create
set /a TRIES+=1
if %TRIES% geq 60 (
    echo install: the old registration of "%NAME%" does not go away; stop what uses it and try again 1>&2
    exit /b 1
)
"%PING%" -n 2 127.0.0.1 >nul
goto wait_gone

:create
for %%E in ("%EXE%") do for %%J in ("%JOBFILE%") do "%SC%" create "%NAME%" binPath= "\"%%~E\" service --config \"%%~J\"" start= delayed-auto DisplayName= "%NAME%" >nul 2>nul
set CODE=%errorlevel%
if %CODE% neq 0 (
    echo install: sc.exe could not register "%NAME%": Windows error %CODE%; is this an elevated prompt? 1>&2
    exit /b 1
)

:settings
"%SC%" description "%NAME%" "Keeps the jobs of %JOBFILE% running inside named Job Objects." >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the description
"%SC%" failure "%NAME%" reset= 86400 actions= restart/5000/restart/30000/restart/60000 >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the recovery actions
rem Recovery also when the service reports a failed start by itself.
"%SC%" failureflag "%NAME%" 1 >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the failure flag
rem sc.exe has no word for the time that Windows waits when it shuts down (10 s); this holds from its next start.
"%REG%" add "HKLM\SYSTEM\CurrentControlSet\Services\%NAME%" /v PreshutdownTimeout /t REG_DWORD /d 60000 /f >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the time for stopping at its shutdown
echo install: registered "%NAME%"; start it with: sc.exe start "%NAME%"
exit /b 0
