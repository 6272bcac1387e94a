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
if "%~3"=="" set "EXE=%~dp0jobwarden.exe"
if "%~3"=="" if not exist "%EXE%" set "EXE=%~dp0..\jobwarden.exe"

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

rem The literal quotes around the program keep C:\Program.exe from being tried for C:\Program Files.
set BINPATH="\"%EXE%\" service --config \"%JOBFILE%\""

sc.exe query "%NAME%" >nul 2>nul
if errorlevel 1 goto create

echo install: "%NAME%" is registered already; changing it
sc.exe config "%NAME%" binPath= %BINPATH% start= delayed-auto >nul 2>nul
if not errorlevel 1 goto settings
rem A system whose sc.exe cannot change a registration: make it anew.
sc.exe stop "%NAME%" >nul 2>nul
sc.exe delete "%NAME%" >nul 2>nul
set TRIES=0
:wait_gone
sc.exe query "%NAME%" >nul 2>nul
if errorlevel 1 goto create
set /a TRIES+=1
if %TRIES% geq 60 (
    echo install: the old registration of "%NAME%" does not go away; close services.msc and try again 1>&2
    exit /b 1
)
ping -n 2 127.0.0.1 >nul
goto wait_gone

:create
sc.exe create "%NAME%" binPath= %BINPATH% start= delayed-auto DisplayName= "%NAME%" >nul
if errorlevel 1 (
    rem A system that does not know delayed-auto.
    sc.exe create "%NAME%" binPath= %BINPATH% start= auto DisplayName= "%NAME%"
)
sc.exe query "%NAME%" >nul 2>nul
if errorlevel 1 (
    echo install: sc.exe could not register "%NAME%"; is this an elevated prompt? 1>&2
    exit /b 1
)

:settings
sc.exe description "%NAME%" "Keeps the jobs of %JOBFILE% running inside named Job Objects." >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the description
sc.exe failure "%NAME%" reset= 86400 actions= restart/5000/restart/30000/restart/60000 >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the recovery actions
rem Recovery also when the service reports a failed start by itself.
sc.exe failureflag "%NAME%" 1 >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the failure flag
sc.exe preshutdown "%NAME%" 60000 >nul 2>nul
if errorlevel 1 echo install: warning: this system did not take the preshutdown time; Windows' default holds
echo install: registered "%NAME%"; start it with: sc.exe start "%NAME%"
exit /b 0
