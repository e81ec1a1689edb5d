# Makes the county reports on schedule, with a timer of systemd.
# {when}
#
# 1. Write the time behind OnCalendar= below, as systemd writes it; more than one line may stand there.
#      0 6 * * 1       OnCalendar=Mon *-*-* 06:00:00 Asia/Shanghai
#      30 5 * * *      OnCalendar=*-*-* 05:30:00 Europe/Berlin
#      0 6 1,15 * *    OnCalendar=*-*-01,15 06:00:00            (the time zone of this machine)
#    This shows what systemd understands:  systemd-analyze calendar "Mon *-*-* 06:00:00 Asia/Shanghai"
# 2. Run this file with sh. It writes the units and starts the timer.
#    A zone with summer time (Europe/Berlin) leaves out the hour after 2 on one night a year, and has it twice on another.
# 3. Write behind ExecStart= of the last unit what tells you of a run that failed, in whatever way it ended.
# 4. loginctl enable-linger has the reports made while nobody is logged in.

set -eu
units="${{XDG_CONFIG_HOME:-$HOME/.config}}/systemd/user"
mkdir -p "$units"

cat > "$units/analysis-run.timer" <<'END-OF-UNIT'
[Unit]
Description=County reports on schedule

[Timer]
OnCalendar=
# A run that was missed while the machine was off is made up for.
Persistent=true

[Install]
WantedBy=timers.target
END-OF-UNIT

cat > "$units/analysis-run.service" <<'END-OF-UNIT'
[Unit]
Description=Make the county reports that are not up to date
OnFailure=analysis-run-failed.service

[Service]
Type=oneshot
WorkingDirectory={folder}
ExecStart={command}
# The run ends its workers itself, then says in its ledger and summary that it was interrupted.
KillMode=mixed
TimeoutStopSec=120
SuccessExitStatus=143
Nice=10
END-OF-UNIT

cat > "$units/analysis-run-failed.service" <<'END-OF-UNIT'
[Unit]
Description=Tell that the county reports failed

[Service]
Type=oneshot
# Another way: mail -s "The county reports failed" desk@example.org
ExecStart=/usr/bin/env logger --priority user.err "The county reports failed: journalctl --user -u analysis-run"
END-OF-UNIT

systemctl --user daemon-reload
systemctl --user enable --now analysis-run.timer
