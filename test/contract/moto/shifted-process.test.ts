import { expect, it } from 'vitest';
import { runDaysLater } from './shifted-process.ts';

it('a faketime that is missing is an error that says what to install', async () => {
  const run = runDaysLater(1, [process.execPath, '--version'], { cwd: '.', env: { PATH: '/nowhere' } });
  await expect(run).rejects.toThrow(/^faketime, .* does not run: .*ENOENT; install it: apt-get install faketime/);
});
