/** Hand-made notices, for tests of what is done with a notice. */
import type { Notice, NoticeData } from '../../core/notice.ts';

const account = { id: '111122223333', partition: 'aws' };

/** A small alert. */
export function noticeData(changes: Partial<NoticeData> = {}): NoticeData {
  return {
    schema: 'keysweep/notice/v1',
    id: 'alert/111122223333/2026-11-22T02:30:00.000Z',
    thread: 'alert/111122223333/2026-11-22T02:30:00.000Z',
    kind: 'alert',
    severity: 'critical',
    account,
    subject: '[111122223333] 1 critical finding',
    summary: '1 critical finding',
    at: '2026-11-22T02:30:00.000Z',
    groups: [{ id: 'critical', title: 'Critical', count: 1, advice: [] }],
    items: [
      {
        group: 'critical',
        rule: 'root-mfa-missing',
        title: 'Root user has no MFA',
        status: 'fail',
        principal: { kind: 'root', name: '<root_account>', arn: 'arn:aws:iam::111122223333:root' },
        why: 'root can sign in without MFA',
        evidence: {},
      },
    ],
    omitted: 0,
    nextSteps: [],
    ...changes,
  };
}

export function noticeOf(changes: Partial<Notice> = {}): Notice {
  const { subject = 'keysweep: 1 critical finding', data = noticeData({ subject }) } = changes;
  return {
    kind: 'alert',
    severity: 'critical',
    account: account.id,
    subject,
    body: 'Look.\n',
    chat: {
      title: 'Look',
      description: 'at it',
      nextSteps: [],
      keywords: ['keysweep'],
      threadId: data.thread,
      summary: data.summary,
    },
    data,
    ...changes,
  };
}
