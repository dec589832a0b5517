/** Every kind whose credentials are judged one by one, in the order of the catalogue of rules. A new kind is a line here. */
import { accessKey } from './access-key.ts';
import type { KindSpec } from './kind.ts';

export const kinds = [accessKey] as const satisfies readonly KindSpec[];
