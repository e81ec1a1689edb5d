# Makes the county reports on schedule, as a task of the Windows Task Scheduler.
# {when}
#
# 1. Write the trigger below; its time is that of this machine.
#      0 6 * * 1     New-ScheduledTaskTrigger -Weekly -DaysOfWeek Monday -At 06:00
#      30 5 * * *    New-ScheduledTaskTrigger -Daily -At 05:30
#    Days of a month: register with one of these, then change the trigger in the window of the Task Scheduler.
# 2. Run this file in PowerShell.

$trigger = $null
if (-not $trigger) {{ throw 'write the trigger first' }}

$action = New-ScheduledTaskAction -Execute {program} -WorkingDirectory {folder} `
    -Argument {arguments}
# A run that was missed is made up for, may take any time, and is not started twice.
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -ExecutionTimeLimit (New-TimeSpan) `
    -MultipleInstances IgnoreNew -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries
Register-ScheduledTask -TaskName 'analysis-run' -Trigger $trigger -Action $action -Settings $settings
