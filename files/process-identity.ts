import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Names one process for good, as far as the system tells: a process id alone is given again to others. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in ticks since the boot; null where the system does not tell (it does on Linux). */
  readonly startTicks: string | null;
  /** Which boot of the host; null where the system does not tell. */
  readonly boot: string | null;
  /** Process ids mean something only within one such namespace (of a container); null where the system does not tell. */
  readonly pidNamespace: string | null;
}

/** The identity of a running process of this host, by default of this very process. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity {
  return {
    host: hostname(),
    pid,
    startTicks: startTicksOf(pid),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether a process still runs. `unknown`: it is of another host or container, and cannot be asked for from here. */
export function stateOfProcess(identity: ProcessIdentity): 'running' | 'gone' | 'unknown' {
  const here = identifyProcess();
  if (identity.host !== here.host) return 'unknown';
  if (identity.boot !== here.boot) return 'gone';
  if (identity.pidNamespace !== here.pidNamespace) return 'unknown';
  if (!exists(identity.pid)) return 'gone';
  return startTicksOf(identity.pid) === identity.startTicks ? 'running' : 'gone';
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as someone else.
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function startTicksOf(pid: number): string | null {
  return orNull(() => startTicksIn(readFileSync(`/proc/${pid}/stat`, 'utf8')));
}

/**
 * Field 22 of /proc/PID/stat; counted from behind the process name, which may hold spaces and parentheses. Null also for
 * a zombie (field 3): it has ended, and in a container without an init process no one may ever collect it.
 */
export function startTicksIn(stat: string): string | null {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? null : (fields[22 - 3] ?? null);
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
