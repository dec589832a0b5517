/** Takes the lock of a file as often as it is asked to, counts under it in a file, and never holds it for long. */
import { readFileSync, writeFileSync } from 'node:fs';
import { lockFile } from '../../files/file-lock.ts';

const [path = '', times = '0', end] = process.argv.slice(2);

for (let done = 0; done < Number(times); ) {
  try {
    const lock = await lockFile(path);
    const counted = Number(readFileSync(path, 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 1));
    writeFileSync(path, String(counted + 1));
    done += 1;
    // Dies with the lock in its hands.
    if (end === 'kill') process.kill(process.pid, 'SIGKILL');
    await lock.release();
  } catch (error) {
    if ((error as { code?: string }).code !== 'LedgerLocked') throw error;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
