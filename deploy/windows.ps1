# Installs the app on Windows from a wheel, for the person who runs this: no administrator needed. Python 3.11 must be there.
#   powershell -ExecutionPolicy Bypass -File deploy\windows.ps1 -Wheel ektp_analysis-0.2.0-py3-none-any.whl
# It starts the app, and again at each logon; with -Backup also a weekly backup into that folder. Run again, it upgrades.
#   powershell -ExecutionPolicy Bypass -File deploy\windows.ps1 -Remove      takes it away again; the data stay.

param(
    [string]$Wheel,
    [int]$Port = 8501,
    [string]$Backup,
    [switch]$Remove
)
$ErrorActionPreference = 'Stop'

$place = Join-Path $env:LOCALAPPDATA 'Programs\ektp'
$program = Join-Path $place 'Scripts\ektp.exe'
$tasks = 'e-KTP', 'e-KTP backup'

foreach ($task in $tasks) {
    if (Get-ScheduledTask -TaskName $task -ErrorAction SilentlyContinue) {
        Stop-ScheduledTask -TaskName $task
        Unregister-ScheduledTask -TaskName $task -Confirm:$false
    }
}
foreach ($one in @(Get-Process -Name ektp -ErrorAction SilentlyContinue | Where-Object { $_.Path -eq $program })) {
    Stop-Process -InputObject $one -Force
    Wait-Process -InputObject $one -Timeout 30 -ErrorAction SilentlyContinue  # until then its file cannot be replaced
}

if ($Remove) {
    # The settings, where there are some, stay with the data.
    if (Test-Path $place) { Get-ChildItem -Force -Path $place | Where-Object { $_.Name -ne '.env' } | Remove-Item -Recurse -Force }
    Write-Host 'The app is removed; its data and settings are where they were.'
    exit 0
}

if (-not $Wheel -or -not (Test-Path -PathType Leaf $Wheel)) { throw 'Name the wheel: -Wheel ektp_analysis-0.2.0-py3-none-any.whl' }
if (-not (Test-Path $program)) {
    $needed = 'Python 3.11 with its launcher (py) is needed: install it for this user, then run this again.'
    if (-not (Get-Command py -ErrorAction SilentlyContinue)) { throw $needed }
    & py -3.11 -m venv $place
    if ($LASTEXITCODE -ne 0) { throw $needed }
}
& (Join-Path $place 'Scripts\python.exe') -m pip install --disable-pip-version-check --force-reinstall --no-deps $Wheel
if ($LASTEXITCODE -ne 0) { throw 'The wheel could not be installed.' }
& (Join-Path $place 'Scripts\python.exe') -m pip install --disable-pip-version-check $Wheel
if ($LASTEXITCODE -ne 0) { throw 'The packages that it needs could not be installed.' }

$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ExecutionTimeLimit ([TimeSpan]::Zero) `
    -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 1)
$start = New-ScheduledTaskAction -Execute $program -Argument "run --port $Port" -WorkingDirectory $place
$logon = New-ScheduledTaskTrigger -AtLogOn -User "$env:USERDOMAIN\$env:USERNAME"
Register-ScheduledTask -TaskName 'e-KTP' -Action $start -Trigger $logon -Settings $settings | Out-Null

if ($Backup) {
    # A whole path, as the task starts elsewhere; and no backslash before the quote, which would then be part of the name.
    $folder = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Backup).TrimEnd('\') + '\.'
    $copy = New-ScheduledTaskAction -Execute $program -Argument "backup `"$folder`" --keep 12" -WorkingDirectory $place
    $friday = New-ScheduledTaskTrigger -Weekly -DaysOfWeek Friday -At 6pm
    $late = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
    Register-ScheduledTask -TaskName 'e-KTP backup' -Action $copy -Trigger $friday -Settings $late | Out-Null
}

Start-ScheduledTask -TaskName 'e-KTP'
Write-Host "Started; in a minute it answers at http://localhost:$Port, now and after each logon."
