@echo off
rem uninstall.cmd [NAME] - stops the service NAME (Jobwarden) and removes its registration. Job files and logs stay.
rem Fine when there is no such service. Needs an elevated prompt.
setlocal EnableExtensions DisableDelayedExpansion

set "NAME=%~1"
if not defined NAME set "NAME=Jobwarden"
rem By their full paths: cmd.exe looks into the current folder before it looks into Windows'.
set "SC=%SystemRoot%\System32\sc.exe"
set "FIND=%SystemRoot%\System32\find.exe"
set "PING=%SystemRoot%\System32\ping.exe"

"%SC%" query "%NAME%" >nul 2>nul
if errorlevel 1 (
    echo uninstall: "%NAME%" is not registered; nothing to do
    exit /b 0
)
set TRIES=0
:wait_stopped
"%SC%" query "%NAME%" 2>nul | "%FIND%" "1  STOPPED" >nul
if not errorlevel 1 goto delete
rem One that is still starting takes no order, so it is asked once it runs.
"%SC%" query "%NAME%" 2>nul | "%FIND%" "4  RUNNING" >nul
if not errorlevel 1 "%SC%" stop "%NAME%" >nul 2>nul
set /a TRIES+=1
if %TRIES% geq 120 (
    echo uninstall: "%NAME%" has not stopped within two minutes; look into its log 1>&2
    exit /b 1
)
"%PING%" -n 2 127.0.0.1 >nul
goto wait_stopped

:delete
"%SC%" delete "%NAME%" >nul
if errorlevel 1 (
    echo uninstall: sc.exe could not remove "%NAME%"; is this an elevated prompt? 1>&2
    exit /b 1
)
echo uninstall: removed "%NAME%"
exit /b 0
