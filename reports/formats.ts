import type { Audit } from '../core/model.ts';
import { renderCsv } from './csv.ts';
import { renderJson } from './json.ts';
import type { TextStyle } from './table.ts';
import { renderTable } from './table.ts';

/** One way to print an audit. */
export interface AuditFormat {
  readonly summary: string;
  /** The whole output, newline at the end. Formats for programs take no notice of the style. */
  readonly render: (audit: Audit, style: TextStyle) => string;
}

/** What `--output` offers. A new format is a file with its render function and a line here. */
export const auditFormats = {
  table: { summary: 'for people', render: renderTable },
  json: { summary: 'schema keysweep/audit/v1', render: renderJson },
  csv: { summary: 'one row per finding, safe to open in a spreadsheet', render: renderCsv },
} as const satisfies Record<string, AuditFormat>;

export type AuditFormatName = keyof typeof auditFormats;
