/** Whom a notice names: what was not named to people was not notified. */
import type { Notice, NoticeData } from '../../core/notice.ts';
import { namedInChat } from '../chat/chat-message.ts';
import { namedInSlack } from '../slack/notice.ts';
import { isWaitingGroup } from './waiting-groups.ts';

/**
 * How many items of each group, its first ones, every form of the notice names beside the text for e-mail: the text for
 * chats, and the data that the forwarder makes a message for Slack of. All of them where the full report is linked.
 */
export function namedInChats({ data }: Notice): number {
  if (data.fullReport !== undefined) return Number.POSITIVE_INFINITY;
  return Math.min(keptOfAGroup(data), namedInChat(data), namedInSlack(data));
}

/** How many items of each group the data holds; infinitely many where it holds all. */
function keptOfAGroup({ groups, items }: NoticeData): number {
  const counts = groups
    .filter((group) => !isWaitingGroup(group))
    .map(({ id, count }) => ({ count, kept: items.filter(({ group }) => group === id).length }))
    .filter(({ count, kept }) => kept < count);
  return Math.min(...counts.map(({ kept }) => kept));
}
