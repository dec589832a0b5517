import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies one process uniquely, as far as the system allows: process ids alone are reused. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When the process started, in ticks since boot; null where unknown (known on Linux). */
  readonly startTicks: string | null;
  /** The boot of the host; null where unknown. */
  readonly boot: string | null;
  /** Process ids are valid only within one such namespace (of a container); null where unknown. */
  readonly pidNamespace: string | null;
}

/** The identity of a running process on this host, by default this process. */
export function identifyProcess(pid: number = process.pid): ProcessIdentity {
  return {
    host: hostname(),
    pid,
    startTicks: startTicksOf(pid),
    boot: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether a process is still running. `unknown`: it is on another host or in another container. */
export function stateOfProcess(identity: ProcessIdentity): 'running' | 'ended' | 'unknown' {
  const here = identifyProcess();
  if (identity.host !== here.host) return 'unknown';
  if (identity.boot !== here.boot) return 'ended';
  if (identity.pidNamespace !== here.pidNamespace) return 'unknown';
  if (!exists(identity.pid)) return 'ended';
  return startTicksOf(identity.pid) === identity.startTicks ? 'running' : 'ended';
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
 * Field 22 of /proc/PID/stat, counted from after the process name, which may contain spaces and parentheses. Null also for
 * a zombie (field 3): it has ended, and in a container without an init process it may never be reaped.
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
