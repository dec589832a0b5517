import type { SourceFile } from '../../scripts/architecture.ts';

/** A small made-up product in order, with other texts in the place of some files, or beside them. */
export function houseWith(changed: Readonly<Record<string, string>> = {}): readonly SourceFile[] {
  const texts: Readonly<Record<string, string>> = {
    'core/model.ts': 'export interface Key {}\n',
    'core/plan.ts': "import type { Key } from './model.ts';\n",
    'engine/sweep.ts': "import { plan } from '../core/plan.ts';\nimport { digest } from '../reports/digest.ts';\n",
    'reports/digest.ts': "export * from '../core/plan.ts';\n",
    'cli/sweep.ts': "const { sweep } = await import('../engine/sweep.ts');\n",
    'sandbox/account.ts': "import type { Key } from '../core/model.ts';\n",
    ...changed,
  };
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}
