/** Every kind whose credentials are judged one by one, in the order of the rule catalog. A new kind is one line here. */
import { accessKey } from './access-key.ts';
import type { KindSpec } from './kind.ts';

export const kinds = [accessKey] as const satisfies readonly KindSpec[];
