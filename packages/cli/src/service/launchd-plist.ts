import type { ServiceSpec } from './service-spec.ts';

/** The label of the job. */
export const JOB = 'hecate.daemon';

/** Where jobs of the system lie (launchd.plist(5)). */
export const JOB_PATH: string = `/Library/LaunchDaemons/${JOB}.plist`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const text = (value: string): string => `<string>${value.replaceAll(/[&<>]/g, (found) => ESCAPES[found]!)}</string>`;

/** A job of launchd: starts at boot, and again when it ends otherwise than by itself. */
export function launchdPlist(spec: ServiceSpec): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  ${text(JOB)}
  <key>ProgramArguments</key>
  <array>
${spec.command.map((word) => `    ${text(word)}`).join('\n')}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
    <key>HECATE_DATA_DIR</key>
    ${text('/Library/Application Support/hecate/data')}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ProcessType</key>
  ${text('Background')}
  <key>Umask</key>
  <integer>63</integer>
  <key>StandardErrorPath</key>
  ${text('/Library/Logs/hecate.log')}
</dict>
</plist>
`;
}
