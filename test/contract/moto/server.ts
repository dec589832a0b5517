import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A running moto. */
export interface MotoServer {
  readonly url: string;
  /** Dates a user and its keys back; the commands are described in serve.py. */
  dateBack(command: { readonly user: string } & Readonly<Record<string, unknown>>): Promise<void>;
  /** Forgets every account. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

const script = fileURLToPath(new URL('serve.py', import.meta.url));
/** The interpreter that scripts/setup-python.sh makes. */
export const defaultPython = fileURLToPath(new URL('../../../.venv/bin/python', import.meta.url));

export interface MotoOptions {
  /** The interpreter. @default the one that KEYSWEEP_PYTHON names, else that of .venv */
  readonly python?: string;
  /** Environment variables of moto's, such as MOTO_IAM_LOAD_MANAGED_POLICIES. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts moto. Throws where that cannot be. */
export async function startMoto(options: MotoOptions = {}): Promise<MotoServer> {
  const { python = process.env.KEYSWEEP_PYTHON || defaultPython, settings } = options;
  const child = spawn(python, [script], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...settings } });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-4_000);
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', () => resolve(said.trim()));
  });
  // A command to a moto that has ended fails with the reason, not with a broken pipe.
  child.stdin.on('error', () => {});
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  async function readAnswer(): Promise<Record<string, unknown>> {
    const { done, value } = await lines.next();
    if (done !== true) return JSON.parse(value);
    throw new Error(
      `moto does not run with ${python}: ${await ended}\n` +
        'run scripts/setup-python.sh, or name a Python that has test/contract/moto/requirements.txt by KEYSWEEP_PYTHON',
    );
  }

  const { url } = await readAnswer();
  return {
    url: String(url),
    dateBack: async (command) => {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const { error } = await readAnswer();
      if (error !== undefined) throw new Error(`moto could not date ${command.user} back: ${error}`);
    },
    reset: async () => {
      const { ok, status } = await fetch(`${url}/moto-api/reset`, { method: 'POST' });
      if (!ok) throw new Error(`moto could not be reset: HTTP ${status}`);
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
}
