/** Groups of a digest that say what is deferred, or could not be judged: they repeat what is known, and are no notice. */
import type { NoticeGroup } from '../../core/notice.ts';

/** In sentence case. */
export const waitingTitles = {
  deferred: 'Due, deferred by a limit of the policy',
  overdue: 'Overdue, not done in this mode',
  unjudged: 'Could not be judged, so not changed',
} as const;

export function isWaitingGroup({ id }: Pick<NoticeGroup, 'id'>): boolean {
  return Object.hasOwn(waitingTitles, id);
}
