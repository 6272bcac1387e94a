@echo off
rem uninstall.cmd [NAME] - stops the service NAME (Jobwarden) and removes its registration. Job files and logs stay.
rem Fine when there is no such service. Needs an elevated prompt.
setlocal EnableExtensions DisableDelayedExpansion

set "NAME=%~1"
if not defined NAME set "NAME=Jobwarden"

sc.exe query "%NAME%" >nul 2>nul
if errorlevel 1 (
    echo uninstall: "%NAME%" is not registered; nothing to do
    exit /b 0
)
sc.exe stop "%NAME%" >nul 2>nul
set TRIES=0
:wait_stopped
sc.exe query "%NAME%" 2>nul | find "STOPPED" >nul
if not errorlevel 1 goto delete
set /a TRIES+=1
if %TRIES% geq 120 (
    echo uninstall: "%NAME%" has not stopped within two minutes; look into its log 1>&2
    exit /b 1
)
ping -n 2 127.0.0.1 >nul
goto wait_stopped

:delete
sc.exe delete "%NAME%" >nul
if errorlevel 1 (
    echo uninstall: sc.exe could not remove "%NAME%"; is this an elevated prompt? 1>&2
    exit /b 1
)
echo uninstall: removed "%NAME%"
exit /b 0
