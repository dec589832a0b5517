import type { Notice, NoticeData } from '../../core/notice.ts';
import { chatMessage } from '../chat/chat-message.ts';
import { bytesAsPart, largestData } from './sizes.ts';

/** A notice in all its forms, from its data in full and its text for e-mail. */
export function composeNotice(data: NoticeData, body: string): Notice {
  const { kind, severity, account, subject } = data;
  const summarized = summarizeData(data);
  return {
    kind,
    severity,
    account: account.id,
    subject,
    body,
    chat: chatMessage(summarized),
    data: summarized,
  };
}

/** How many items of each group are kept: the first number that fits. With none, what is left is small. */
const itemsOfAGroup = [Number.POSITIVE_INFINITY, 200, 100, 50, 25, 10, 5, 2, 1, 0] as const;

function summarizeData(data: NoticeData): NoticeData {
  let summarized = data;
  for (const count of itemsOfAGroup) {
    summarized = keepFirst(data, count);
    if (bytesAsPart(JSON.stringify(summarized)) <= largestData) break;
  }
  return summarized;
}

function keepFirst(data: NoticeData, count: number): NoticeData {
  const seen = new Map<string, number>();
  const items = data.items.filter(({ group }) => {
    const place = (seen.get(group) ?? 0) + 1;
    seen.set(group, place);
    return place <= count;
  });
  return { ...data, items, omitted: data.omitted + data.items.length - items.length };
}
