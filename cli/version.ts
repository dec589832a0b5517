import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json: the nearest one above this file, in a checkout as in the built package. */
export function packageVersion(): string {
  for (let folder = new URL('.', import.meta.url); ; folder = new URL('..', folder)) {
    const file = new URL('package.json', folder);
    if (existsSync(file)) return String((JSON.parse(readFileSync(file, 'utf8')) as { version: unknown }).version);
    if (folder.pathname === '/') return 'unknown';
  }
}
