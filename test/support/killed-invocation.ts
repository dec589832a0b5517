/** Invocations of the deployed functions that Lambda ends in the middle, as it does when their time is over. */
import { type ChildProcess, spawn } from 'node:child_process';
import { vi } from 'vitest';
import type { ActiveFault, Sandbox } from '../../sandbox/index.ts';
import { ended, moduleProcess } from './child-process.ts';
import type { InvocationEnd } from './invoke-function.ts';

export type { InvocationEnd } from './invoke-function.ts';

/** What an invocation needs of a deployment. */
export interface InvokedDeployment {
  readonly sandbox: Sandbox;
  readonly variables: Readonly<Record<string, string>>;
}

/** The request at which an invocation is killed, and whether that request takes effect before. */
export interface Kill {
  /** Like `sns:Publish`. */
  readonly action: string;
  /** Which of its requests of that action, from 1. */
  readonly nth: number;
  readonly applied: boolean;
}

export interface FunctionProcesses {
  /** Runs to its end. */
  invoke(deployment: InvokedDeployment, event: unknown): Promise<InvocationEnd>;
  /** Is killed at a request; undefined then, else how it ended because it never came so far. */
  killAt(deployment: InvokedDeployment, event: unknown, kill: Kill): Promise<InvocationEnd | undefined>;
}

const quiet = {
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  // The answers bear the machine's time. The SDK would take the account's for a wrong clock, and try each denial again.
  AWS_DISABLE_CLOCK_SKEW_CORRECTION: 'true',
  POWERTOOLS_LOG_LEVEL: 'SILENT',
  POWERTOOLS_METRICS_DISABLED: 'true',
};

/** Invokes a bundled module in a new process each time, at the time of the sandbox. Call at the top of a file. */
export function functionProcesses(module: string): FunctionProcesses {
  const runner = moduleProcess(new URL('invoke-function.ts', import.meta.url));

  function start({ sandbox, variables }: InvokedDeployment, event: unknown): ChildProcess {
    const [program, ...args] = runner.command(module, JSON.stringify(event), sandbox.clock.now().toISOString());
    return spawn(program, args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      env: { ...quiet, ...variables },
    });
  }

  return {
    async invoke(deployment, event) {
      const end = await endOf(start(deployment, event));
      if (end === undefined) throw new Error('someone killed the function');
      return end;
    },
    async killAt(deployment, event, kill) {
      const { faults } = deployment.sandbox;
      const fault = faults.add({ ...kill, kind: 'timeout' });
      const child = start(deployment, event);
      const end = endOf(child);
      await Promise.race([end, isWaiting(fault)]);
      child.kill('SIGKILL');
      faults.clear();
      return end;
    },
  };
}

/** What the function sent; undefined where it was killed before it could. */
async function endOf(child: ChildProcess): Promise<InvocationEnd | undefined> {
  let sent: InvocationEnd | undefined;
  child.on('message', (message) => {
    sent = message as InvocationEnd;
  });
  const exit = await ended(child);
  if (sent === undefined && exit !== 'SIGKILL') throw new Error(`the function’s process ended with ${exit}`);
  return sent;
}

/** Resolves when a request waits for an answer that never comes. */
async function isWaiting(fault: ActiveFault): Promise<void> {
  await vi.waitFor(
    () => {
      if (fault.hits === 0) throw new Error('the function has not made the request at which it is to be killed');
    },
    { timeout: 60_000, interval: 5 },
  );
}
