import type { Audit } from '../core/model.ts';
import { type AlertOptions, fullAlert } from './alert.ts';
import { fullFindingsMessage } from './findings-message.ts';
import type { FindingsInput } from './notices/findings-data.ts';
import { renderTable } from './table.ts';

/** Of the table; in character cells. */
const style = { width: 110, color: false } as const;

/**
 * Everything about an audit, as it is kept where messages can point to it: what they summarise in full, and then all
 * findings. Without messages these alone.
 */
export function auditText(audit: Audit, options: AlertOptions, changed?: FindingsInput): string {
  const messages = [fullAlert(audit, options), changed && fullFindingsMessage(changed)].filter(
    (text) => text !== undefined,
  );
  const table = renderTable(audit, style);
  return messages.length === 0 ? table : [...messages, `THE WHOLE AUDIT\n\n${table}`].join('\n\n');
}
