/** Groups of a digest that say what is deferred, or could not be judged: they repeat what is known, and notify no one of anything. */
import type { NoticeGroup } from '../../core/notice.ts';

export const waitingTitles = {
  deferred: 'DUE, AND DEFERRED BY A LIMIT OF THE POLICY',
  overdue: 'OVERDUE, AND NOT DONE IN THIS MODE',
  unjudged: 'COULD NOT BE JUDGED, SO NOTHING IS DONE ABOUT IT',
} as const;

export function isWaitingGroup({ id }: Pick<NoticeGroup, 'id'>): boolean {
  return Object.hasOwn(waitingTitles, id);
}
