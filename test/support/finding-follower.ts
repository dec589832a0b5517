import type { FindingChanged } from '../../core/events.ts';
import type { NoticeData } from '../../core/notice.ts';

/** An event as the bus has it. */
interface BusEvent {
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The ids of what is open, sorted, to a subscriber who follows the events as docs/events.md says: the later one holds. */
export function openByEvents(events: readonly BusEvent[]): readonly string[] {
  const latest = new Map<string, { readonly asOf: string; readonly isOpen: boolean }>();
  for (const { detailType, detail } of events) {
    if (!detailType.startsWith('Finding ')) continue;
    const { asOf, finding } = detail as unknown as FindingChanged['detail'];
    if ((latest.get(finding.id)?.asOf ?? '') > asOf) continue;
    latest.set(finding.id, { asOf, isOpen: detailType === 'Finding Opened' });
  }
  return [...latest].flatMap(([id, { isOpen }]) => (isOpen ? [id] : [])).sort();
}

/** The ids of what is open, sorted, to someone who reads the messages about findings, oldest first; what is critical left out. */
export function openByMessages(messages: readonly NoticeData[]): readonly string[] {
  const open = new Set<string>();
  for (const { items } of messages) {
    for (const { finding = '', status, resolution } of items) {
      if (resolution !== undefined) open.delete(finding);
      else if (status === 'fail') open.add(finding);
    }
  }
  return [...open].sort();
}
