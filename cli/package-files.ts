/** The package that this command line belongs to: a checkout, or what npm installed. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { policySchemaFile, policySchemaUrl } from '../core/policy/schema-place.ts';

export interface InstalledPackage {
  readonly directory: string;
  readonly version: string;
}

/** The nearest package.json above this file, in a checkout as in the built package. */
export function thisPackage(): InstalledPackage {
  for (let directory = dirname(fileURLToPath(import.meta.url)); ; directory = dirname(directory)) {
    const file = resolve(directory, 'package.json');
    if (existsSync(file)) {
      const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: unknown };
      return { directory, version: String(version) };
    }
    if (directory === dirname(directory)) return { directory, version: 'unknown' };
  }
}

/**
 * Where editors find the JSON Schema of a policy file: the copy of this package if it lies below the file's directory, which
 * works offline and follows updates; otherwise that of the same released version.
 */
export function schemaReference(policyFile: string, { directory, version }: InstalledPackage): string {
  const copy = relative(dirname(policyFile), resolve(directory, policySchemaFile));
  const isBelow = !copy.startsWith('..') && resolve(dirname(policyFile), copy) !== copy;
  return isBelow ? `./${copy.split(sep).join('/')}` : policySchemaUrl(version);
}
